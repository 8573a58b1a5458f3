/* Sync objects: what carries a clock from one thread to another, known by key (an address, or RT_SYNC_KEY_HIGH and up).
 *
 * Semantics. exclusive holds what a release published to everybody; shared holds what shared (reader) unlocks published, for
 * the next exclusive lock only. Both only grow. An object lives until it is destroyed or its memory is freed.
 *
 * Who may include it: shadow/. Any thread inside the engine; an object is valid only between rt_sync_lock and
 * rt_sync_unlock of its bucket. */
#ifndef RACETRACK_SHADOW_SYNC_H
#define RACETRACK_SHADOW_SYNC_H

#include "message.h"

struct rt_sync {
	uint64_t key;
	const char *kind;
	struct rt_sync *next;                   /* in its bucket */
	struct rt_sync *page_next, **page_link; /* among those in pages that hash alike */
	struct rt_message exclusive;
	struct rt_message shared;
	uint32_t head; /* of an atomic: the thread whose releases alone are in exclusive; 0: several */
	rt_ctx_t created_at;
	uint32_t
		id; /* in lock sets: its own, or one that it shares with all but the first RT_SYNC_ALIKE made at its place */
};

/* Programs make a mutex an object. A set of locks is part of a context, and the places of the code times the objects would be
 * more contexts than can be kept, for what a report can hardly use: so many of a place are told apart. */
enum { RT_SYNC_ALIKE = 16 };

RT_HIDDEN bool rt_sync_init(void);
/* The object of the key, made when there is none, with its bucket locked; NULL, and nothing locked, without memory. */
RT_HIDDEN struct rt_sync *rt_sync_lock(
	struct rt_thread *self, struct rt_site *site, uint64_t key, const char *kind);
RT_HIDDEN void rt_sync_unlock(struct rt_sync *sync);
/* The same where none need be made: the bucket is locked though the object may be NULL. */
RT_HIDDEN struct rt_sync *rt_sync_lock_known(uint64_t key);
RT_HIDDEN void rt_sync_unlock_key(uint64_t key);
/* Runs a load without the lock. True: the thread knows all that the object's exclusive message said at that moment, or there was
 * none. False: it is to be run again, with the lock. */
RT_HIDDEN bool rt_sync_load_known(
	const struct rt_thread *self, uint64_t key, rt_atomic_operation operation, void *argument);
/* Destroys all objects whose keys are addresses of the range. */
RT_HIDDEN void rt_sync_forget_range(uintptr_t address, size_t bytes);

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
