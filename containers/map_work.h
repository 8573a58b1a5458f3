/* What map operations do, without telling anybody. Included by map.c (nobody listens) and map_told.c.
 *
 * A table is one block: this head, a tag byte per slot, the entries. Eight tags make a group; a key is looked for in the
 * groups hash, hash + 1, hash + 3, hash + 6 ... (modulo their number) up to the first group with an empty slot.
 *
 *      tag      00000000 empty    00000001 deleted    1hhhhhhh taken, h = the hash's top 7 bits
 *      entry    integers:        key ^ padding ^ value          strings, bytes:  copy's address, its length, value
 */
#ifndef RACETRACK_CONTAINERS_MAP_WORK_H
#define RACETRACK_CONTAINERS_MAP_WORK_H

#include <errno.h>
#include <stdlib.h>

#include "internal.h"

enum { GROUP = 8, TAG_EMPTY = 0, TAG_DELETED = 1, TAG_TAKEN = 0x80 };

struct rt_map_table {
	size_t slots; /* a power of two, GROUP at least */
	size_t bytes; /* of the whole block */
	size_t entries_at;
	size_t entry_bytes;
	size_t value_at;            /* in an entry */
	struct rt_map_table *older; /* tables that this one replaced; under the detector only */
	size_t older_bytes;
	size_t unused;
};
_Static_assert(sizeof(struct rt_map_table) % 16 == 0, "tags and entries keep malloc's alignment");

struct map_key {
	uint64_t integer;
	const void *bytes;
	size_t count; /* of bytes */
};

struct copied_key {
	char *bytes;
	size_t count;
};

#define EVERY_BYTE 0x0101010101010101ull
#define EVERY_HIGH 0x8080808080808080ull

static inline unsigned char *tags_of(const struct rt_map_table *table)
{
	return (unsigned char *)(table + 1);
}

static inline char *entry_of(const struct rt_map_table *table, size_t slot)
{
	return (char *)table + table->entries_at + slot * table->entry_bytes;
}

static inline void *value_of(const struct rt_map_table *table, size_t slot)
{
	return entry_of(table, slot) + table->value_at;
}

/* The finalizer of MurmurHash3 (public domain). */
static inline uint64_t hash_integer(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdull;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ull;
	return x ^ x >> 33;
}

/* Eight bytes a step, each step a bijection of the state: no input can wipe out what came before it. */
static inline uint64_t hash_bytes(const void *bytes, size_t count)
{
	const char *at = bytes;
	uint64_t hash = 0x9e3779b97f4a7c15ull ^ count, word;
	for (; count >= sizeof word; count -= sizeof word, at += sizeof word) {
		__builtin_memcpy(&word, at, sizeof word);
		hash = (hash ^ word) * 0xd6e8feb86659fd93ull;
		hash ^= hash >> 32;
	}
	for (word = 0; count--;)
		word = word << 8 | (unsigned char)at[count];
	return hash_integer(hash ^ word);
}

static inline __attribute__((always_inline)) uint64_t hash_of(struct map_key key, enum rt_map_keys keys)
{
	return keys == RT_MAP_INTEGERS ? hash_integer(key.integer) : hash_bytes(key.bytes, key.count);
}

static inline __attribute__((always_inline)) int entry_has(
	const char *entry, struct map_key key, enum rt_map_keys keys)
{
	if (keys == RT_MAP_INTEGERS)
		return *(const uint64_t *)entry == key.integer;
	const struct copied_key *copy = (const struct copied_key *)entry;
	return copy->count == key.count && bytes_equal(copy->bytes, key.bytes, key.count);
}

static inline uint64_t group_tags(const struct rt_map_table *table, size_t group)
{
	uint64_t tags;
	__builtin_memcpy(&tags, tags_of(table) + group * GROUP, sizeof tags);
	return tags;
}

/* Words with the high bit set in the bytes that are meant. same_tags may also name a byte that is not the same. */
static inline uint64_t same_tags(uint64_t tags, unsigned char tag)
{
	uint64_t difference = tags ^ EVERY_BYTE * tag;
	return (difference - EVERY_BYTE) & ~difference & EVERY_HIGH;
}

static inline uint64_t empty_tags(uint64_t tags)
{
	return ~tags & ~tags << 7 & EVERY_HIGH;
}

#define NO_SLOT SIZE_MAX

static inline __attribute__((always_inline)) size_t slot_find(
	const struct rt_map *map, struct map_key key, enum rt_map_keys keys, uint64_t hash)
{
	const struct rt_map_table *table = map->table;
	if (!table)
		return NO_SLOT;
	size_t mask = table->slots / GROUP - 1;
	for (size_t group = hash & mask, step = 1;; group = (group + step++) & mask) {
		uint64_t tags = group_tags(table, group);
		for (uint64_t same = same_tags(tags, TAG_TAKEN | hash >> 57); same; same &= same - 1) {
			size_t slot = group * GROUP + (size_t)__builtin_ctzll(same) / 8;
			if (entry_has(entry_of(table, slot), key, keys))
				return slot;
		}
		if (empty_tags(tags))
			return NO_SLOT;
	}
}

/* The first free slot for a hash. There always is one: the table is never full. */
static inline size_t slot_free(const struct rt_map_table *table, uint64_t hash)
{
	size_t mask = table->slots / GROUP - 1;
	for (size_t group = hash & mask, step = 1;; group = (group + step++) & mask) {
		uint64_t available = ~group_tags(table, group) & EVERY_HIGH;
		if (available)
			return group * GROUP + (size_t)__builtin_ctzll(available) / 8;
	}
}

/* map_table.c. A table for the map with room for one entry more, filled from the map's; the map still has the old one.
 * NULL: no memory. */
CONTAINER_HIDDEN struct rt_map_table *rt_map_table_grown(const struct rt_map *map);
/* Frees the copied keys of all entries and marks every slot empty. */
CONTAINER_HIDDEN void rt_map_table_empty(struct rt_map_table *table, enum rt_map_keys keys);

/* `slot` and `change` as the detector is told them; `gone`: the table that was replaced. */
struct put_result {
	void *slot;
	int change;
	struct rt_map_table *gone;
};

static inline __attribute__((always_inline)) int rt_map_work_put(struct rt_map *map, enum rt_map_keys keys,
	struct map_key key, const void *value, struct put_result *result)
{
	*result = (struct put_result){NULL, 0, NULL};
	if (map->keys != keys)
		return EINVAL;
	uint64_t hash = hash_of(key, keys);
	size_t slot = slot_find(map, key, keys, hash);
	if (slot == NO_SLOT) {
		struct copied_key copy = {NULL, key.count};
		if (keys != RT_MAP_INTEGERS) {
			if (key.count == SIZE_MAX || !(copy.bytes = malloc(key.count + 1)))
				return ENOMEM;
			bytes_copy(copy.bytes, key.bytes, key.count);
			copy.bytes[key.count] = 0;
		}
		struct rt_map_table *table = map->table;
		if (!table || map->len + map->deleted >= table->slots / GROUP * (GROUP - 1)) {
			table = rt_map_table_grown(map);
			if (!table) {
				free(copy.bytes);
				return ENOMEM;
			}
			result->gone = map->table;
			map->table = table;
			map->deleted = 0;
		}
		slot = slot_free(table, hash);
		map->deleted -= tags_of(table)[slot] == TAG_DELETED;
		tags_of(table)[slot] = TAG_TAKEN | hash >> 57;
		if (keys == RT_MAP_INTEGERS)
			*(uint64_t *)entry_of(table, slot) = key.integer;
		else
			*(struct copied_key *)entry_of(table, slot) = copy;
		map->len++;
		map->changes++;
		result->change = 1;
	}
	result->slot = value_of(map->table, slot);
	if (value)
		bytes_copy(result->slot, value, map->value_bytes);
	else
		bytes_zero(result->slot, map->value_bytes);
	return 0;
}

/* The value's address, or NULL. */
static inline __attribute__((always_inline)) void *rt_map_work_ref(
	const struct rt_map *map, enum rt_map_keys keys, struct map_key key)
{
	if (map->keys != keys)
		return NULL;
	size_t slot = slot_find(map, key, keys, hash_of(key, keys));
	return slot == NO_SLOT ? NULL : value_of(map->table, slot);
}

/* An empty slot ends a search: in a group that has another one anyway this one can be empty, not just deleted. */
static inline void rt_map_work_delete_slot(struct rt_map *map, size_t slot)
{
	struct rt_map_table *table = map->table;
	if (map->keys != RT_MAP_INTEGERS)
		free(((struct copied_key *)entry_of(table, slot))->bytes);
	int empty = empty_tags(group_tags(table, slot / GROUP)) != 0;
	tags_of(table)[slot] = empty ? TAG_EMPTY : TAG_DELETED;
	map->deleted += !empty;
	map->len--;
	map->changes++;
}

static inline __attribute__((always_inline)) int rt_map_work_delete(
	struct rt_map *map, enum rt_map_keys keys, struct map_key key)
{
	if (map->keys != keys)
		return EINVAL;
	size_t slot = slot_find(map, key, keys, hash_of(key, keys));
	if (slot == NO_SLOT)
		return ENOENT;
	rt_map_work_delete_slot(map, slot);
	return 0;
}

static inline void rt_map_work_clear(struct rt_map *map)
{
	if (map->table)
		rt_map_table_empty(map->table, map->keys);
	map->changes += map->len != 0;
	map->len = map->deleted = 0;
}

/* Frees everything but map->table->older. Returns that. */
static inline struct rt_map_table *rt_map_work_fini(struct rt_map *map)
{
	struct rt_map_table *older = map->table ? map->table->older : NULL;
	rt_map_work_clear(map);
	free(map->table);
	map->table = NULL;
	return older;
}

static inline int rt_map_work_next(struct rt_map_iterator *it)
{
	const struct rt_map_table *table = it->map->table;
	it->on_entry = 0;
	for (; table && it->slot < table->slots; it->slot++) {
		if (tags_of(table)[it->slot] < TAG_TAKEN)
			continue;
		const char *entry = entry_of(table, it->slot);
		if (it->map->keys == RT_MAP_INTEGERS) {
			it->key = *(const uint64_t *)entry;
		} else {
			it->bytes = ((const struct copied_key *)entry)->bytes;
			it->key_bytes = ((const struct copied_key *)entry)->count;
		}
		it->value = value_of(table, it->slot++);
		it->on_entry = 1;
		break;
	}
	return it->on_entry;
}

static inline int rt_map_work_delete_here(struct rt_map_iterator *it)
{
	if (!it->on_entry)
		return ENOENT;
	if (it->changes != it->map->changes)
		return ESTALE;
	rt_map_work_delete_slot(it->map, it->slot - 1);
	it->changes = it->map->changes;
	it->on_entry = 0;
	return 0;
}

/* The twins under the detector (map_told.c). */
CONTAINER_HIDDEN int rt_map_put_told(
	struct rt_map *map, enum rt_map_keys keys, struct map_key key, const void *value);
CONTAINER_HIDDEN int rt_map_get_told(
	const struct rt_map *map, enum rt_map_keys keys, struct map_key key, void *value);
CONTAINER_HIDDEN void *rt_map_ref_told(const struct rt_map *map, enum rt_map_keys keys, struct map_key key);
CONTAINER_HIDDEN int rt_map_delete_told(struct rt_map *map, enum rt_map_keys keys, struct map_key key);
CONTAINER_HIDDEN void rt_map_clear_told(struct rt_map *map);
CONTAINER_HIDDEN void rt_map_fini_told(struct rt_map *map);
CONTAINER_HIDDEN size_t rt_map_len_told(const struct rt_map *map);
CONTAINER_HIDDEN void rt_map_iterate_told(struct rt_map *map, struct rt_map_iterator *iterator);
CONTAINER_HIDDEN int rt_map_next_told(struct rt_map_iterator *iterator);
CONTAINER_HIDDEN int rt_map_delete_here_told(struct rt_map_iterator *iterator);

#endif
