/* Contexts of accesses by the program's own code, whose calls it announces or whose stack was walked just before. They change
 * with every call, and the leaf of the access before is seldom that of the next: every thread remembers the last ones it
 * looked up.
 *
 * Who may include it: shadow/. Owner thread. */
#ifndef RACETRACK_SHADOW_ANNOUNCED_H
#define RACETRACK_SHADOW_ANNOUNCED_H

#include "context.h"
#include "thread.h"

/* The context of the calls that the program announced. */
static inline rt_ctx_t rt_announced_path(void)
{
	const struct rt_hot *hot = &racetrack_hot;
	rt_ctx_t path = RT_LIKELY(hot->top > hot->first) ? hot->top[-1].context : 0;
	return RT_LIKELY(path) ? path : rt_frames_path();
}

static inline const struct rt_known_leaf *rt_known_leaf_at(
	const struct rt_thread *self, const struct rt_known_leaf *key)
{
	uint64_t hash = (key->place ^ (key->where << 7) ^ (key->where >> 25)) * 0x9e3779b97f4a7c15ull;
	return &self->known_leaves[(hash >> 32) & self->known_leaf_mask];
}

/* Gives the memory back. */
RT_HIDDEN void rt_known_leaves_fini(struct rt_thread *thread);
RT_HIDDEN RT_COLD rt_ctx_t rt_path_leaf_slow(struct rt_thread *self, struct rt_known_leaf key,
	uint32_t function, enum rt_access_kind kind, enum rt_class class);

/* The leaf of an access at the return address `pc`, a user address, in a function that was called by `path`; by the wrapped
 * function, 0: by the program's own code. pre: by a function only of class SYNC. */
static inline rt_ctx_t rt_path_leaf(struct rt_thread *self, rt_ctx_t path, uintptr_t pc, uint32_t function,
	enum rt_access_kind kind, enum rt_class class)
{
	uint64_t place = pc | (function ? RT_PLACE_CALL | ((uint64_t)function << 48) | ((uint64_t)kind << 60)
					: ((uint64_t)kind << 48) | ((uint64_t) class << 56));
	struct rt_known_leaf key = {place, ((uint64_t)path << 32) | self->lockset, 0};
	const struct rt_known_leaf *known = rt_known_leaf_at(self, &key);
	if (RT_LIKELY(known->place == key.place && known->where == key.where))
		return known->leaf;
	return rt_path_leaf_slow(self, key, function, kind, class);
}

static inline rt_ctx_t rt_announced_leaf(struct rt_thread *self, uintptr_t pc, uint32_t function,
	enum rt_access_kind kind, enum rt_class class)
{
	return rt_path_leaf(self, rt_announced_path(), pc, function, kind, class);
}

#endif
