/* The tracker half of containers/: what slice and map operations mean to the engine.
 *
 * Who may include it: containers/track_*.c and interpose/ (for rt_track_slice and rt_track_map). It knows the engine's
 * header and the public events, not the library half. The code runs inside the engine (between rt_enter and rt_leave):
 * no libc, no blocking but for short spin locks.
 *
 * Terms. A *view* is a header variable that shows elements of an array, known by its address and by the contents it had
 * when an operation last named it. Views appear by make, cut, share, a first append, or at the first operation on a header
 * that was copied by plain assignment. A view counts as live while its memory still holds those contents and does not lie
 * below the stack pointer of the thread whose stack it is on. An *orphan* is a view whose variable was overwritten or left:
 * it was probably copied somewhere, and gives its history to the copy when that shows up.
 */
#ifndef RACETRACK_CONTAINERS_TRACK_H
#define RACETRACK_CONTAINERS_TRACK_H

#include "../include/racetrack/events.h"
#include "../shadow/engine.h"

/* One event of racetrack_api.slice_event, .map_event: its accesses, its edges, its misuses. */
RT_HIDDEN void rt_track_slice(
	struct rt_thread *self, struct rt_site *site, const struct racetrack_slice_event *event);
RT_HIDDEN void rt_track_map(
	struct rt_thread *self, struct rt_site *site, const struct racetrack_map_event *event);

/* Where something was done. context 0: nothing was. */
struct rt_place {
	rt_ctx_t context;
	uint32_t thread;
	enum rt_access_kind kind;
};

/* ---- views (track_views.c) ---- */

/* What a view knew, copied out: the registry's own may go at any moment. */
struct rt_view_facts {
	uintptr_t address;
	struct rt_slice value;
	struct rt_place origin;     /* where it was made, cut or shared */
	struct rt_place superseded; /* where the header that it comes from moved to a new array */
	struct rt_place
		overwritten; /* an append through another header, when it was not sure that this one lives */
	uintptr_t overwritten_from, overwritten_to;
};

enum { RT_VIEWS_SHOWN = 8 };

/* Leaves the views on frames that the calling thread has returned from. First call for every event. */
RT_HIDDEN void rt_views_left(uint32_t thread, const struct rt_site *site);
/* The header is used now and holds `value`. False: not known, call rt_views_adopt. */
RT_HIDDEN bool rt_views_see(uintptr_t header, const struct rt_slice *value);
/* A header of unknown history: a plain copy of one that is known, or `seen` stands for its origin. */
RT_HIDDEN void rt_views_adopt(
	uintptr_t header, const struct rt_slice *value, struct rt_place seen, const struct rt_site *site);
/* The facts of a view. False: not known. */
RT_HIDDEN bool rt_views_facts(uintptr_t header, struct rt_view_facts *facts);
/* The same for bytes [from, to) that are read through the header. Of the marks `superseded` and `overwritten` those that
 * concern the bytes are handed out, once; the other is empty. */
RT_HIDDEN bool rt_views_look(uintptr_t header, uintptr_t from, uintptr_t to, struct rt_view_facts *facts);
/* The header was filled: a new array (parent 0), or a cut or copy of `parent`. */
RT_HIDDEN void rt_views_made(uintptr_t header, const struct rt_slice *value, uintptr_t parent,
	struct rt_place origin, const struct rt_site *site);
/* The header was cut into itself. */
RT_HIDDEN void rt_views_recut(uintptr_t header, const struct rt_slice *value, struct rt_place origin);
/* An append in place. Returns how many others show elements that it overwrote; fills the RT_VIEWS_SHOWN smallest ones.
 * *doubtful: some may have been moved elsewhere; call rt_views_mark. */
RT_HIDDEN uint32_t rt_views_appended(uintptr_t header, const struct rt_slice *before,
	const struct rt_slice *after, struct rt_view_facts *shown, bool *doubtful);
RT_HIDDEN void rt_views_mark(
	uintptr_t header, const struct rt_slice *before, const struct rt_slice *after, struct rt_place place);
/* An append that moved to a new array. */
RT_HIDDEN void rt_views_grown(uintptr_t header, const struct rt_slice *before, const struct rt_slice *after,
	struct rt_place place, const struct rt_site *site);
RT_HIDDEN void rt_views_dropped(uintptr_t header, const struct rt_slice *before);
/* The array's memory goes. */
RT_HIDDEN void rt_views_array_gone(const struct rt_slice_array *owner);
/* Bytes were copied into [to, to + bytes) that may hold headers; the views in [from, from + bytes) move along. */
RT_HIDDEN void rt_views_copied(uintptr_t to, size_t bytes, uintptr_t from, size_t from_bytes);
/* Its variable still holds what it held. A system call. */
RT_HIDDEN bool rt_view_lives(uintptr_t header, const struct rt_slice *value);

/* The address lies on the calling thread's stack, in a frame that is not left. */
RT_HIDDEN bool rt_on_own_stack(const struct rt_site *site, uintptr_t address);

#endif
