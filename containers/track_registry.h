/* The registry of views: who knows what, under which key.
 *
 * For containers/track_registry.c and track_views.c alone. All of it is guarded by rt_registry_lock; its sections call
 * rt_alloc, rt_free and, rarely, rt_safe_read.
 *
 * Invariants: a view with an address is in `by_address`, one without is an orphan; every view is in its array's list; a
 * view's parent is in the same list; children = how many views of the list have it as parent; shown_end >= the end of
 * every view's elements. */
#ifndef RACETRACK_CONTAINERS_TRACK_REGISTRY_H
#define RACETRACK_CONTAINERS_TRACK_REGISTRY_H

#include "track.h"

enum { RT_ORPHANS_MOST = 64 /* of one array */ };

/* First member of what a table holds. */
struct rt_linked {
	struct rt_linked *next;
	uintptr_t key;
};

struct rt_table {
	struct rt_linked **buckets;
	size_t mask; /* buckets - 1 */
	size_t count;
};

struct rt_view {
	struct rt_linked by_address;  /* key 0: an orphan */
	struct rt_view *next, **link; /* the array's list, newest first */
	struct rt_view *shallower,
		**deeper; /* views on one thread's stack, deepest first; deeper NULL: on none */
	struct rt_array *array;
	struct rt_view *parent;
	uint32_t children;
	bool doubtful; /* an equal copy was used since: this one may have been moved there */
	uint64_t serial;
	struct rt_view_facts facts; /* facts.address == by_address.key */
};

struct rt_array {
	struct rt_linked by_owner;
	struct rt_view *views;
	uint32_t orphans;
	uintptr_t shown_end;
};

extern RT_HIDDEN struct rt_spin rt_registry_lock;

RT_HIDDEN struct rt_view *rt_registry_view(uintptr_t address);
/* `create`: make one when there is none. NULL: none, or no memory. */
RT_HIDDEN struct rt_array *rt_registry_array(const struct rt_slice_array *owner, bool create);
/* A new view of the array that `value` is on; the address is free. NULL: no memory, the view goes unknown. */
RT_HIDDEN struct rt_view *rt_registry_add(
	uintptr_t address, const struct rt_slice *value, const struct rt_site *site, uint32_t thread);
RT_HIDDEN void rt_registry_set(struct rt_view *view, const struct rt_slice *value);
RT_HIDDEN void rt_registry_set_parent(struct rt_view *view, struct rt_view *parent);
/* To another variable; address 0 makes it an orphan, and removes it where there are too many. */
RT_HIDDEN void rt_registry_move(
	struct rt_view *view, uintptr_t address, const struct rt_site *site, uint32_t thread);
/* To another array, alone: its children go to its parent. */
RT_HIDDEN bool rt_registry_move_array(struct rt_view *view, const struct rt_slice *value);
RT_HIDDEN void rt_registry_remove(struct rt_view *view);
RT_HIDDEN void rt_registry_remove_array(const struct rt_slice_array *owner);
RT_HIDDEN bool rt_registry_empty(void);
/* The deepest view on the thread's stack; NULL when there is none. */
RT_HIDDEN struct rt_view *rt_registry_deepest(uint32_t thread);

static inline uintptr_t rt_elements_end(const struct rt_slice *value)
{
	return (uintptr_t)value->array + value->len * value->element_bytes;
}

#endif
