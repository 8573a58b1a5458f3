/* Maps: the public functions. */
#include "map_work.h"

void rt_map_init(struct rt_map *map, enum rt_map_keys keys, size_t value_bytes)
{
	*map = (struct rt_map){NULL, 0, 0, value_bytes, keys, 0};
}

void rt_map_fini(struct rt_map *map)
{
	if (TOLD)
		rt_map_fini_told(map);
	else
		rt_map_work_fini(map);
}

void rt_map_clear(struct rt_map *map)
{
	if (TOLD)
		rt_map_clear_told(map);
	else
		rt_map_work_clear(map);
}

static inline struct map_key integer_key(uint64_t key)
{
	return (struct map_key){key, NULL, 0};
}

static inline struct map_key string_key(const char *key)
{
	return (struct map_key){0, key, string_bytes(key)};
}

static inline struct map_key bytes_key(const void *key, size_t key_bytes)
{
	return (struct map_key){0, key, key_bytes};
}

static inline __attribute__((always_inline)) int rt_map_put_key(
	struct rt_map *map, enum rt_map_keys keys, struct map_key key, const void *value)
{
	struct put_result result;
	int error = rt_map_work_put(map, keys, key, value, &result);
	if (__builtin_expect(result.gone != NULL, 0))
		free(result.gone);
	return error;
}

int rt_map_put(struct rt_map *map, uint64_t key, const void *value)
{
	if (TOLD)
		return rt_map_put_told(map, RT_MAP_INTEGERS, integer_key(key), value);
	return rt_map_put_key(map, RT_MAP_INTEGERS, integer_key(key), value);
}

int rt_map_put_string(struct rt_map *map, const char *key, const void *value)
{
	if (TOLD)
		return rt_map_put_told(map, RT_MAP_STRINGS, string_key(key), value);
	return rt_map_put_key(map, RT_MAP_STRINGS, string_key(key), value);
}

int rt_map_put_bytes(struct rt_map *map, const void *key, size_t key_bytes, const void *value)
{
	if (TOLD)
		return rt_map_put_told(map, RT_MAP_BYTES, bytes_key(key, key_bytes), value);
	return rt_map_put_key(map, RT_MAP_BYTES, bytes_key(key, key_bytes), value);
}

static inline __attribute__((always_inline)) int rt_map_get_key(
	const struct rt_map *map, enum rt_map_keys keys, struct map_key key, void *value)
{
	if (map->keys != keys)
		return EINVAL;
	const void *slot = rt_map_work_ref(map, keys, key);
	if (!slot)
		return ENOENT;
	if (value)
		bytes_copy(value, slot, map->value_bytes);
	return 0;
}

int rt_map_get(const struct rt_map *map, uint64_t key, void *value)
{
	if (TOLD)
		return rt_map_get_told(map, RT_MAP_INTEGERS, integer_key(key), value);
	return rt_map_get_key(map, RT_MAP_INTEGERS, integer_key(key), value);
}

int rt_map_get_string(const struct rt_map *map, const char *key, void *value)
{
	if (TOLD)
		return rt_map_get_told(map, RT_MAP_STRINGS, string_key(key), value);
	return rt_map_get_key(map, RT_MAP_STRINGS, string_key(key), value);
}

int rt_map_get_bytes(const struct rt_map *map, const void *key, size_t key_bytes, void *value)
{
	if (TOLD)
		return rt_map_get_told(map, RT_MAP_BYTES, bytes_key(key, key_bytes), value);
	return rt_map_get_key(map, RT_MAP_BYTES, bytes_key(key, key_bytes), value);
}

void *rt_map_ref(const struct rt_map *map, uint64_t key)
{
	if (TOLD)
		return rt_map_ref_told(map, RT_MAP_INTEGERS, integer_key(key));
	return rt_map_work_ref(map, RT_MAP_INTEGERS, integer_key(key));
}

void *rt_map_ref_string(const struct rt_map *map, const char *key)
{
	if (TOLD)
		return rt_map_ref_told(map, RT_MAP_STRINGS, string_key(key));
	return rt_map_work_ref(map, RT_MAP_STRINGS, string_key(key));
}

void *rt_map_ref_bytes(const struct rt_map *map, const void *key, size_t key_bytes)
{
	if (TOLD)
		return rt_map_ref_told(map, RT_MAP_BYTES, bytes_key(key, key_bytes));
	return rt_map_work_ref(map, RT_MAP_BYTES, bytes_key(key, key_bytes));
}

int rt_map_delete(struct rt_map *map, uint64_t key)
{
	if (TOLD)
		return rt_map_delete_told(map, RT_MAP_INTEGERS, integer_key(key));
	return rt_map_work_delete(map, RT_MAP_INTEGERS, integer_key(key));
}

int rt_map_delete_string(struct rt_map *map, const char *key)
{
	if (TOLD)
		return rt_map_delete_told(map, RT_MAP_STRINGS, string_key(key));
	return rt_map_work_delete(map, RT_MAP_STRINGS, string_key(key));
}

int rt_map_delete_bytes(struct rt_map *map, const void *key, size_t key_bytes)
{
	if (TOLD)
		return rt_map_delete_told(map, RT_MAP_BYTES, bytes_key(key, key_bytes));
	return rt_map_work_delete(map, RT_MAP_BYTES, bytes_key(key, key_bytes));
}

size_t rt_map_len(const struct rt_map *map)
{
	return TOLD ? rt_map_len_told(map) : map->len;
}

void rt_map_iterate(struct rt_map *map, struct rt_map_iterator *iterator)
{
	if (TOLD) {
		rt_map_iterate_told(map, iterator);
		return;
	}
	*iterator = (struct rt_map_iterator){.map = map, .changes = map->changes};
}

int rt_map_next(struct rt_map_iterator *iterator)
{
	return TOLD ? rt_map_next_told(iterator) : rt_map_work_next(iterator);
}

int rt_map_delete_here(struct rt_map_iterator *iterator)
{
	return TOLD ? rt_map_delete_here_told(iterator) : rt_map_work_delete_here(iterator);
}
