/* The accesses that are kept of a few bytes, one by one.
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_VISIT_H
#define RACETRACK_SHADOW_VISIT_H

#include "cell.h"

/* `cell` is of one context. */
typedef void (*rt_visitor)(void *argument, rt_cell_t cell, enum rt_access_kind kind);

/* Calls `visit` for every access of others to the bytes that is not ordered before the thread's next. pre: the bytes lie in one
 * granule. */
RT_HIDDEN void rt_visit_unordered(
	struct rt_thread *self, uintptr_t address, size_t bytes, rt_visitor visit, void *argument);
/* For every one that is, its own among them; in memory that processes share for none. */
RT_HIDDEN void rt_visit_ordered(
	struct rt_thread *self, uintptr_t address, size_t bytes, rt_visitor visit, void *argument);
/* For every one of the thread's own; in memory that processes share for none. */
RT_HIDDEN void rt_visit_own(
	struct rt_thread *self, uintptr_t address, size_t bytes, rt_visitor visit, void *argument);
/* For every free of them; in memory that processes share for none. */
RT_HIDDEN void rt_visit_freed(
	struct rt_thread *self, uintptr_t address, size_t bytes, rt_visitor visit, void *argument);

#endif
