/* Maps under the detector: each operation takes a turn, works, tells, ends the turn.
 *
 * Tables that a growth replaced are kept until the map ends, so that a pointer that was left in one is recognised (rule
 * map-stale-reference). By doubling alone they are smaller than the table in use; where growth at the same size brings
 * them beyond KEPT_TIMES its size, all but the newest are freed. */
#define TOLD 1
#include "map_work.h"

enum { KEPT_TIMES = 4 };

static void rt_map_tell(const struct racetrack_map_event *event)
{
	racetrack_api_here->map_event(event);
}

/* What may point into a table: its entries. Head and tags are read by nobody but this file and map_work.h. */
static const void *rt_map_entries_of(const struct rt_map_table *table, size_t *bytes)
{
	*bytes = table->bytes - table->entries_at;
	return entry_of(table, 0);
}

static void rt_map_free_older(const struct rt_map *map, struct rt_map_table *older)
{
	while (older) {
		struct rt_map_table *table = older;
		struct racetrack_map_event event = {.operation = RACETRACK_MAP_GONE, .map = map};
		event.old_table = rt_map_entries_of(table, &event.old_table_bytes);
		rt_map_tell(&event);
		older = table->older;
		free(table);
	}
}

static void rt_map_keep_table(const struct rt_map *map, struct rt_map_table *old)
{
	struct rt_map_table *table = map->table;
	struct racetrack_map_event event = {.operation = RACETRACK_MAP_GROW, .map = map};
	event.old_table = rt_map_entries_of(old, &event.old_table_bytes);
	event.table = rt_map_entries_of(table, &event.table_bytes);
	event.value_bytes = map->value_bytes;
	rt_map_tell(&event);
	table->older = old;
	table->older_bytes = old->bytes + old->older_bytes;
	if (table->older_bytes / KEPT_TIMES > table->bytes) {
		rt_map_free_older(map, old->older);
		old->older = NULL;
		old->older_bytes = 0;
		table->older_bytes = old->bytes;
	}
}

static struct racetrack_map_event rt_map_event_of(
	unsigned operation, const struct rt_map *map, struct map_key key)
{
	return (struct racetrack_map_event){.operation = operation,
		.map = map,
		.key = key.bytes,
		.key_bytes = key.count,
		.value_bytes = map->value_bytes};
}

int rt_map_put_told(struct rt_map *map, enum rt_map_keys keys, struct map_key key, const void *value)
{
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = rt_map_event_of(RACETRACK_MAP_PUT, map, key);
	struct put_result result;
	int error = rt_map_work_put(map, keys, key, value, &result);
	if (!error) {
		event.slot = result.slot;
		event.change = result.change;
		event.memory = value;
		rt_map_tell(&event);
	}
	if (result.gone)
		rt_map_keep_table(map, result.gone);
	container_turn_end(turn);
	return error;
}

int rt_map_get_told(const struct rt_map *map, enum rt_map_keys keys, struct map_key key, void *value)
{
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = rt_map_event_of(RACETRACK_MAP_GET, map, key);
	int error = map->keys != keys ? EINVAL : ENOENT;
	event.slot = rt_map_work_ref(map, keys, key);
	if (event.slot) {
		error = 0;
		event.memory = value;
		if (value)
			bytes_copy(value, event.slot, map->value_bytes);
	}
	rt_map_tell(&event);
	container_turn_end(turn);
	return error;
}

void *rt_map_ref_told(const struct rt_map *map, enum rt_map_keys keys, struct map_key key)
{
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = rt_map_event_of(RACETRACK_MAP_REF, map, key);
	void *slot = rt_map_work_ref(map, keys, key);
	event.slot = slot;
	rt_map_tell(&event);
	container_turn_end(turn);
	return slot;
}

int rt_map_delete_told(struct rt_map *map, enum rt_map_keys keys, struct map_key key)
{
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = rt_map_event_of(RACETRACK_MAP_DELETE, map, key);
	int error = rt_map_work_delete(map, keys, key);
	event.change = !error;
	rt_map_tell(&event);
	container_turn_end(turn);
	return error;
}

void rt_map_clear_told(struct rt_map *map)
{
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = {.operation = RACETRACK_MAP_CLEAR, .map = map};
	event.change = map->len != 0;
	rt_map_tell(&event);
	rt_map_work_clear(map);
	container_turn_end(turn);
}

void rt_map_fini_told(struct rt_map *map)
{
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = {.operation = RACETRACK_MAP_FINI, .map = map};
	if (map->table)
		event.table = rt_map_entries_of(map->table, &event.table_bytes);
	rt_map_tell(&event);
	rt_map_free_older(map, rt_map_work_fini(map));
	container_turn_end(turn);
}

size_t rt_map_len_told(const struct rt_map *map)
{
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = {.operation = RACETRACK_MAP_SIZE, .map = map};
	size_t len = map->len;
	rt_map_tell(&event);
	container_turn_end(turn);
	return len;
}

void rt_map_iterate_told(struct rt_map *map, struct rt_map_iterator *iterator)
{
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = {.operation = RACETRACK_MAP_ITERATE, .map = map};
	*iterator = (struct rt_map_iterator){.map = map, .changes = map->changes};
	event.iterator = iterator;
	rt_map_tell(&event);
	container_turn_end(turn);
}

int rt_map_next_told(struct rt_map_iterator *iterator)
{
	const struct rt_map *map = iterator->map;
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = {.operation = RACETRACK_MAP_NEXT, .map = map};
	event.iterator = iterator;
	event.value_bytes = map->value_bytes;
	if (rt_map_work_next(iterator))
		event.slot = iterator->value;
	rt_map_tell(&event);
	container_turn_end(turn);
	return iterator->on_entry;
}

int rt_map_delete_here_told(struct rt_map_iterator *iterator)
{
	const struct rt_map *map = iterator->map;
	uint32_t *turn = container_turn_begin(map);
	struct racetrack_map_event event = {.operation = RACETRACK_MAP_DELETE, .map = map};
	event.iterator = iterator;
	int error = rt_map_work_delete_here(iterator);
	event.change = !error;
	rt_map_tell(&event);
	container_turn_end(turn);
	return error;
}
