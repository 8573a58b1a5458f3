/* Sync objects: what carries a clock from one thread to another, known by key (an address, or RT_SYNC_KEY_HIGH and up).
 *
 * Semantics. exclusive holds what a release published to everybody; shared holds what shared (reader) unlocks published, for
 * the next exclusive lock only. Both only grow. An object lives until it is destroyed or its memory is freed.
 *
 * Locks. The list of objects that hash alike changes with its bucket's guard, and what an object says with the object's own.
 * So threads that use an object share the lines it lies in, and read the bucket's. Whoever holds an object takes no bucket.
 * The memory of an object stays one: a pointer to it may be followed when it is gone, and is found out by its key.
 *
 * Who may include it: shadow/, and hooks/atomics.c by atomic.h. Any thread inside the engine; an object is valid only between
 * rt_sync_lock and rt_sync_unlock. */
#ifndef RACETRACK_SHADOW_SYNC_H
#define RACETRACK_SHADOW_SYNC_H

#include "message.h"

/* A lock that may be looked past: who finds it open before and after, with the same changes, has seen one state. */
struct rt_guard {
	struct rt_spin spin;
	uint32_t changes; /* times that the lock was released */
};

static inline void rt_guard_lock(struct rt_guard *guard)
{
	rt_spin_lock(&guard->spin);
}

static inline void rt_guard_unlock(struct rt_guard *guard)
{
	__atomic_store_n(&guard->changes, guard->changes + 1, __ATOMIC_RELAXED);
	rt_spin_unlock(&guard->spin);
}

/* Locked: waits a little for who has it, who would wait for a lock. False: it still has it. */
RT_HIDDEN RT_COLD bool rt_guard_look_again(const struct rt_guard *guard, uint32_t *changes);

/* False: it is locked. */
static inline bool rt_guard_look(const struct rt_guard *guard, uint32_t *changes)
{
	*changes = __atomic_load_n(&guard->changes, __ATOMIC_ACQUIRE);
	return RT_LIKELY(!__atomic_load_n(&guard->spin.held, __ATOMIC_ACQUIRE)) ||
	       rt_guard_look_again(guard, changes);
}

/* What was read since rt_guard_look is of one state. */
static inline bool rt_guard_is_unchanged(const struct rt_guard *guard, uint32_t changes)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return RT_LIKELY(!__atomic_load_n(&guard->spin.held, __ATOMIC_RELAXED) &&
			 __atomic_load_n(&guard->changes, __ATOMIC_RELAXED) == changes);
}

/* No object's: neither an address nor a high key. */
#define RT_SYNC_GONE (RT_SYNC_KEY_HIGH - 1)

struct rt_sync {
	/* A line of the cache: what an atomic operation looks at. */
	struct rt_guard guard;
	uint64_t key;            /* RT_SYNC_GONE: it is destroyed */
	rt_epoch_t few[RT_FOUR]; /* the first epochs of exclusive */
	struct rt_message exclusive;
	uint32_t head; /* of an atomic: the thread whose releases alone are in exclusive; 0: several */
	uint32_t
		id; /* in lock sets: its own, or one that it shares with all but the first RT_SYNC_ALIKE made at its place */
	/* Another. */
	struct rt_sync *next; /* in its bucket, or among those that can be used again */
	struct rt_message shared;
	const char *kind;
	struct rt_sync *page_next, **page_link; /* among those in pages that hash alike */
	rt_ctx_t created_at;
	uint8_t bytes;    /* of an inferred variable (infer.h), as it became one; 0: it is none */
	bool owned;       /* and it is an index of a ring */
	bool tally_heard; /* by another thread, when it was silent: see tally.h */
	uint16_t tallies; /* in a row */
	uint32_t tallied_by;
	uint64_t frame; /* of a stack, that it lies in; 0: it lies in none, or that is not known */
};
_Static_assert(offsetof(struct rt_sync, next) == 64, "what an atomic operation looks at is one line");
_Static_assert(offsetof(struct rt_sync, few) % 16 == 0, "four epochs at once");

/* Programs make a mutex an object. A set of locks is part of a context, and the places of the code times the objects would be
 * more contexts than can be kept, for what a report can hardly use: so many of a place are told apart. */
enum { RT_SYNC_ALIKE = 16 };

/* Mappings of shared memory: how many (object.h). */
extern RT_HIDDEN uint32_t rt_shared_count;

RT_HIDDEN bool rt_sync_init(void);
/* The object of the key, locked, and made when there is none; NULL without memory. */
RT_HIDDEN struct rt_sync *rt_sync_lock(
	struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind);
static inline void rt_sync_unlock(struct rt_sync *sync)
{
	rt_guard_unlock(&sync->guard);
}

/* What keeps others from the object of a key, or from making one. To be ended by rt_guard_unlock. */
struct rt_sync_hold {
	struct rt_guard *guard;
	struct rt_sync *sync; /* NULL: there is none */
};
/* By the list of its bucket. */
RT_HIDDEN struct rt_sync_hold rt_sync_hold_listed(uint64_t key);
static inline struct rt_sync_hold rt_sync_hold(uint64_t key);

/* A look at the object of a key without a lock, begun by rt_sync_look: what was read counts if rt_look_holds after it. */
struct rt_look {
	const struct rt_guard *guard;
	const struct rt_sync *sync; /* NULL: there is none */
	uint32_t changes;
};

static inline bool rt_look_holds(const struct rt_look *look)
{
	return rt_guard_is_unchanged(look->guard, look->changes);
}

/* Destroys all objects whose keys are addresses of the range. */
RT_HIDDEN void rt_sync_forget_range(uintptr_t address, size_t bytes);

struct rt_sync_bucket {
	struct rt_guard guard;
	struct rt_sync *first;
};
enum { RT_SYNC_ALIGN = 4 };
/* Changes while all other threads are outside the engine. */
struct rt_sync_table {
	struct rt_sync_bucket *buckets;
	uint32_t log; /* of how many there are */
	bool crowded; /* there should be more */
};
extern RT_HIDDEN struct rt_sync_table rt_sync_table;

/* More buckets. Where nothing is held that another thread in the engine may wait for, and before an object is looked for. */
RT_HIDDEN RT_COLD void rt_sync_spread(struct rt_thread *self);
static inline void rt_sync_make_room(struct rt_thread *self)
{
	if (RT_UNLIKELY(__atomic_load_n(&rt_sync_table.crowded, __ATOMIC_RELAXED)))
		rt_sync_spread(self);
}

static inline struct rt_sync_bucket *rt_sync_bucket(uint64_t key)
{
	return &rt_sync_table
			.buckets[key / RT_SYNC_ALIGN * 0x9e3779b97f4a7c15ull >> (64 - rt_sync_table.log)];
}

/* The object, locked, without its bucket. NULL: there is none, or it was not found in this way. */
static inline struct rt_sync *rt_sync_lock_seen(uint64_t key)
{
	enum { STEPS = 32 }; /* it may be following another list */
	struct rt_sync *sync = __atomic_load_n(&rt_sync_bucket(key)->first, __ATOMIC_ACQUIRE);
	rt_prefetch_write(sync);
	for (unsigned i = 0; sync && i < STEPS; i++, sync = __atomic_load_n(&sync->next, __ATOMIC_RELAXED)) {
		if (__atomic_load_n(&sync->key, __ATOMIC_RELAXED) != key)
			continue;
		rt_guard_lock(&sync->guard);
		if (RT_LIKELY(sync->key == key))
			return sync;
		rt_guard_unlock(&sync->guard);
		return NULL;
	}
	return NULL;
}

static inline struct rt_sync_hold rt_sync_hold(uint64_t key)
{
	struct rt_sync *sync = rt_sync_lock_seen(key);
	return RT_LIKELY(sync != NULL) ? (struct rt_sync_hold){&sync->guard, sync} : rt_sync_hold_listed(key);
}

/* False: somebody is at it. */
static inline __attribute__((always_inline)) bool rt_sync_look(uint64_t key, struct rt_look *look)
{
	const struct rt_sync_bucket *bucket = rt_sync_bucket(key);
	uint32_t changes;
	if (!rt_guard_look(&bucket->guard, &changes))
		return false;
	const struct rt_sync *sync = __atomic_load_n(&bucket->first, __ATOMIC_ACQUIRE);
	for (; sync; sync = __atomic_load_n(&sync->next, __ATOMIC_RELAXED)) {
		if (__atomic_load_n(&sync->key, __ATOMIC_RELAXED) == key) {
			*look = (struct rt_look){.guard = &sync->guard, .sync = sync};
			return rt_guard_look(&sync->guard, &look->changes) &&
			       __atomic_load_n(&sync->key, __ATOMIC_RELAXED) == key;
		}
		if (!rt_guard_is_unchanged(&bucket->guard, changes))
			return false; /* perhaps it is no more in this list */
	}
	*look = (struct rt_look){.guard = &bucket->guard, .changes = changes};
	return true;
}

/* What reports need of an object, also after its end. */
struct rt_sync_info {
	uint64_t key; /* 0: one of those that are not told apart */
	const char *kind;
	rt_ctx_t created_at;
	bool recorded;
};
/* NULL: unknown id. */
RT_HIDDEN struct rt_sync_info *rt_sync_info_of(uint32_t id);
RT_HIDDEN void rt_sync_forked(void);

#endif
