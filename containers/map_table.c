/* Maps: making and growing tables. */
#include "map_work.h"

/* The largest power of two up to 16 that divides the size. */
static size_t alignment_of(size_t bytes)
{
	size_t lowest = bytes & -bytes;
	return lowest == 0 ? 1 : lowest > 16 ? 16 : lowest;
}

static size_t round_up(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

static struct rt_map_table *rt_map_table_make(const struct rt_map *map, size_t slots)
{
	if (map->value_bytes > PTRDIFF_MAX / 2)
		return NULL;
	size_t align = alignment_of(map->value_bytes);
	size_t key_bytes = map->keys == RT_MAP_INTEGERS ? sizeof(uint64_t) : sizeof(struct copied_key);
	size_t value_at = round_up(key_bytes, align);
	size_t entry_bytes = round_up(value_at + map->value_bytes, align < 8 ? 8 : align);
	size_t entries_at = round_up(sizeof(struct rt_map_table) + slots, 16);
	size_t bytes;
	if (__builtin_mul_overflow(slots, entry_bytes, &bytes) ||
		__builtin_add_overflow(bytes, entries_at, &bytes) || bytes > PTRDIFF_MAX)
		return NULL;
	struct rt_map_table *table = malloc(bytes);
	if (!table)
		return NULL;
	*table = (struct rt_map_table){slots, bytes, entries_at, entry_bytes, value_at, NULL, 0, 0};
	bytes_zero(tags_of(table), slots);
	return table;
}

struct rt_map_table *rt_map_table_grown(const struct rt_map *map)
{
	const struct rt_map_table *old = map->table;
	/* Where most of what fills the table is deleted slots, the same size will do. */
	size_t slots = !old ? GROUP : map->len < old->slots / 16 * 7 ? old->slots : old->slots * 2;
	if (slots == 0)
		return NULL;
	struct rt_map_table *table = rt_map_table_make(map, slots);
	for (size_t i = 0; table && old && i < old->slots; i++) {
		if (tags_of(old)[i] < TAG_TAKEN)
			continue;
		const char *entry = entry_of(old, i);
		struct map_key key = {0, NULL, 0};
		if (map->keys == RT_MAP_INTEGERS) {
			key.integer = *(const uint64_t *)entry;
		} else {
			key.bytes = ((const struct copied_key *)entry)->bytes;
			key.count = ((const struct copied_key *)entry)->count;
		}
		size_t slot = slot_free(table, hash_of(key, map->keys));
		tags_of(table)[slot] = tags_of(old)[i];
		bytes_copy(entry_of(table, slot), entry, table->entry_bytes);
	}
	return table;
}

void rt_map_table_empty(struct rt_map_table *table, enum rt_map_keys keys)
{
	for (size_t i = 0; keys != RT_MAP_INTEGERS && i < table->slots; i++)
		if (tags_of(table)[i] >= TAG_TAKEN)
			free(((struct copied_key *)entry_of(table, i))->bytes);
	bytes_zero(tags_of(table), table->slots);
}
