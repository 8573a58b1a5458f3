/* What map operations mean to the engine: accesses, changes in the middle of an iteration, tables left behind. */
#include "track.h"

/* Iterations that may still go on. One that was left early stays until its variable's frame is left, its map ends, or
 * the place is needed. */
struct walk {
	uintptr_t map;      /* 0: free */
	uintptr_t iterator; /* the variable */
	uint32_t thread;
	bool on_stack;
	struct rt_place changed; /* the first change by the same thread */
};

enum { WALKS = 64 };

static struct rt_spin walks_lock;
static struct walk walks[WALKS];
static uint32_t walks_used; /* places in use; read without the lock */
static uint32_t walks_next; /* the one to give up when all are in use */

static void walk_end(struct walk *walk)
{
	walk->map = 0;
	__atomic_store_n(&walks_used, walks_used - 1, __ATOMIC_RELAXED);
}

static struct walk *walk_find(uintptr_t iterator)
{
	for (uint32_t i = 0; i < WALKS; i++)
		if (walks[i].map && walks[i].iterator == iterator)
			return &walks[i];
	return NULL;
}

static void walk_begin(const struct racetrack_map_event *event, uint32_t thread, const struct rt_site *site)
{
	rt_spin_lock(&walks_lock);
	struct walk *walk = walk_find((uintptr_t)event->iterator);
	for (uint32_t i = 0; !walk && i < WALKS; i++)
		if (!walks[i].map)
			walk = &walks[i];
	if (!walk)
		walk = &walks[walks_next++ % WALKS];
	if (!walk->map)
		__atomic_store_n(&walks_used, walks_used + 1, __ATOMIC_RELAXED);
	walk->map = (uintptr_t)event->map;
	walk->iterator = (uintptr_t)event->iterator;
	walk->thread = thread;
	walk->on_stack = rt_on_own_stack(site, walk->iterator);
	walk->changed.context = 0;
	rt_spin_unlock(&walks_lock);
}

/* This thread goes on with, or is about to change, an iteration over the map. Forgets those on frames it has left. */
static bool walk_needs_change(uintptr_t map, uintptr_t except, uint32_t thread, const struct rt_site *site)
{
	bool found = false;
	if (__atomic_load_n(&walks_used, __ATOMIC_RELAXED) == 0)
		return false;
	rt_spin_lock(&walks_lock);
	for (uint32_t i = 0; i < WALKS; i++) {
		struct walk *walk = &walks[i];
		if (!walk->map || walk->thread != thread)
			continue;
		if (walk->on_stack && walk->iterator < site->sp)
			walk_end(walk);
		else if (walk->map == map && walk->iterator != except && !walk->changed.context)
			found = true;
	}
	rt_spin_unlock(&walks_lock);
	return found;
}

static void walk_change(uintptr_t map, uintptr_t except, struct rt_place place)
{
	rt_spin_lock(&walks_lock);
	for (uint32_t i = 0; i < WALKS; i++) {
		struct walk *walk = &walks[i];
		if (walk->map == map && walk->thread == place.thread && walk->iterator != except &&
			!walk->changed.context)
			walk->changed = place;
	}
	rt_spin_unlock(&walks_lock);
}

/* A step: the change that was made since the last one, if any; said once per change. */
static struct rt_place walk_step(const struct racetrack_map_event *event, uint32_t thread)
{
	struct rt_place changed = {0, 0, RT_CHANGE};
	rt_spin_lock(&walks_lock);
	struct walk *walk = walk_find((uintptr_t)event->iterator);
	if (walk && walk->thread == thread) {
		changed = walk->changed;
		walk->changed.context = 0;
		if (!event->slot)
			walk_end(walk);
	}
	rt_spin_unlock(&walks_lock);
	return changed;
}

static void walks_of_map_end(uintptr_t map)
{
	if (__atomic_load_n(&walks_used, __ATOMIC_RELAXED) == 0)
		return;
	rt_spin_lock(&walks_lock);
	for (uint32_t i = 0; i < WALKS; i++)
		if (walks[i].map == map)
			walk_end(&walks[i]);
	rt_spin_unlock(&walks_lock);
}

/* ---- events ---- */

static void touch(struct rt_thread *self, struct rt_site *site, const void *memory, size_t bytes,
	enum rt_access_kind kind, enum rt_class class)
{
	if (memory && bytes)
		rt_access(self, site, memory, bytes, kind, class);
}

static void track_change(
	struct rt_thread *self, struct rt_site *site, const struct racetrack_map_event *event)
{
	uintptr_t map = (uintptr_t)event->map, except = (uintptr_t)event->iterator;
	uint32_t thread = rt_thread_id(self);
	if (event->change && walk_needs_change(map, except, thread, site)) {
		rt_ctx_t context = rt_site_context(self, site, RT_CHANGE);
		walk_change(map, except, (struct rt_place){context, thread, RT_CHANGE});
	}
}

static void track_next(struct rt_thread *self, struct rt_site *site, const struct racetrack_map_event *event)
{
	uint32_t thread = rt_thread_id(self);
	struct rt_place changed = walk_step(event, thread);
	if (!changed.context)
		return;
	rt_ctx_t context = rt_site_context(self, site, RT_ITERATE);
	struct rt_party parties[2] = {{thread, RT_ITERATE, event->map, 0, context},
		{changed.thread, changed.kind, event->map, 0, changed.context}};
	rt_misuse(self, "map-changed-while-iterating", NULL, parties, 2);
}

void rt_track_map(struct rt_thread *self, struct rt_site *site, const struct racetrack_map_event *event)
{
	/* What a map's slots hold is told with the map's class: a race of two operations is one finding. */
	enum rt_access_kind on_map = event->change ? RT_WRITE : RT_READ, on_slot = RT_READ;
	enum rt_access_kind on_memory = RT_WRITE;
	size_t slot_bytes = 0;
	switch ((enum racetrack_map_operation)event->operation) {
	case RACETRACK_MAP_PUT:
		on_map = on_slot = RT_WRITE;
		on_memory = RT_READ;
		slot_bytes = event->value_bytes;
		break;
	case RACETRACK_MAP_GET:
		slot_bytes = event->memory ? event->value_bytes : 0;
		break;
	case RACETRACK_MAP_FINI:
		on_map = RT_WRITE;
		walks_of_map_end((uintptr_t)event->map);
		break;
	case RACETRACK_MAP_ITERATE:
		walk_begin(event, rt_thread_id(self), site);
		return;
	case RACETRACK_MAP_GROW:
		rt_poison(
			self, site, event->old_table, event->old_table_bytes, RT_GROW, "map-stale-reference");
		if (event->value_bytes >= sizeof(struct rt_slice))
			rt_views_copied((uintptr_t)event->table, event->table_bytes,
				(uintptr_t)event->old_table, event->old_table_bytes);
		return;
	case RACETRACK_MAP_GONE:
		rt_unpoison(self, event->old_table, event->old_table_bytes);
		return;
	case RACETRACK_MAP_NEXT:
	case RACETRACK_MAP_REF:
	case RACETRACK_MAP_DELETE:
	case RACETRACK_MAP_CLEAR:
	case RACETRACK_MAP_SIZE:
		break;
	}
	touch(self, site, event->map, sizeof *event->map, on_map, RT_CLASS_MAP);
	touch(self, site, event->key, event->key_bytes, RT_READ, RT_CLASS_DATA);
	touch(self, site, event->memory, event->value_bytes, on_memory, RT_CLASS_DATA);
	touch(self, site, event->slot, slot_bytes, on_slot, RT_CLASS_MAP);
	if (event->operation == RACETRACK_MAP_NEXT)
		track_next(self, site, event);
	else
		track_change(self, site, event);
	if (event->operation == RACETRACK_MAP_PUT && event->value_bytes >= sizeof(struct rt_slice))
		rt_views_copied((uintptr_t)event->slot, event->value_bytes, 0, 0);
}
