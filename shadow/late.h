/* Accesses that come late: while a place becomes a sync variable another thread may be at a plain access of it, which was judged before
 * and is recorded after. Its thread takes it back and tells it again (rt_infer_came); until then it may run into atomic ones.
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_LATE_H
#define RACETRACK_SHADOW_LATE_H

#include "cell.h"

/* The access and the old one that it runs into: one is atomic, the other such a plain one. But for one of a thread to its own stack,
 * whose variables are plain again in other calls (local.h). */
RT_HIDDEN bool rt_late_is(
	struct rt_thread *self, enum rt_access_kind fresh, rt_cell_t old, uintptr_t address, size_t bytes);

#endif
