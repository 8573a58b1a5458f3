/* Atomic variables of modules that have debug information, which racetrack-report reads while they are rewritten.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_TYPES_H
#define RACETRACK_REWRITE_TYPES_H

#include "unit.h"

/* Begins to read those of the units. */
RT_HIDDEN void rt_types_ask(struct rt_unit *const *units, uint32_t count);
/* Waits for them and tells them to the engine; once, later calls do nothing. Before the units' code runs. `alone`: there is no
 * other thread. */
RT_HIDDEN void rt_types_take(bool alone);

#endif
