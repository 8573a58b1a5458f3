/* Objects of synchronisation as memory: making and destroying one writes its first byte, using it reads it atomically. So
 * who uses one that another thread makes or destroys, unordered, is found, and who frees or overwrites one that is in use.
 *
 * Only for calls from modules with hooks, and from those that are rewritten: of others the atomic operations are not seen by
 * which they publish what they made, and count who still uses it.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_OBJECT_H
#define RACETRACK_INTERPOSE_OBJECT_H

#include "wrap.h"

/* What a thread has told of, in its notes: address << 16 | its life's number. An object's lives are counted together with those
 * of all that share the counter. */
enum { RT_OBJECT_LIVES_LOG = 12 };
extern RT_HIDDEN uint16_t rt_object_lives[1 << RT_OBJECT_LIVES_LOG];

static inline uint16_t *rt_object_life(const volatile void *object)
{
	return &rt_object_lives[((uintptr_t)object >> 3) & ((1u << RT_OBJECT_LIVES_LOG) - 1)];
}

/* True once for each life of an object, and now and then again. */
static inline bool rt_object_is_new(struct rt_thread *self, const volatile void *object)
{
	uint64_t *used = &rt_thread_notes(self)[((uintptr_t)object >> 3) & ((1u << RT_THREAD_NOTES_LOG) - 1)];
	uint64_t now = ((uint64_t)(uintptr_t)object << 16) |
		       __atomic_load_n(rt_object_life(object), __ATOMIC_RELAXED);
	if (RT_LIKELY(*used == now))
		return false;
	*used = now;
	return true;
}

/* What the code at the address makes, uses and destroys is told of. */
RT_HIDDEN bool rt_object_is_told(uintptr_t pc);
RT_HIDDEN void rt_object_use(struct rt_thread *self, struct rt_site *site, const volatile void *object);
/* The last use, which some C libraries wait for before they destroy the object. */
RT_HIDDEN void rt_object_leave(struct rt_thread *self, struct rt_site *site, const volatile void *object);
RT_HIDDEN void rt_object_change(struct rt_thread *self, struct rt_site *site, const volatile void *object);

/* Inside the engine. Before what the use publishes: who takes that over may destroy the object. */
#define RT_USES(object)                                                                                      \
	do {                                                                                                 \
		if (rt_watching)                                                                             \
			rt_object_use(self, &site, object);                                                  \
	} while (0)

/* The same, only the first time. For what will be used again before it is given up, as what is locked will be unlocked, and
 * for locks that have several owners, all of whose cells would have to be kept. */
#define RT_USES_FIRST(object)                                                                                \
	do {                                                                                                 \
		if (rt_watching && rt_object_is_new(self, object))                                           \
			rt_object_use(self, &site, object);                                                  \
	} while (0)

/* It is made or destroyed. */
#define RT_CHANGES(object) rt_object_change(self, &site, object)

#endif
