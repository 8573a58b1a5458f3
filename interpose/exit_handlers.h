/* Handlers of the program's that run as it ends.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_EXIT_HANDLERS_H
#define RACETRACK_INTERPOSE_EXIT_HANDLERS_H

#include "shadow/engine.h"

/* Before those of at_quick_exit run, by the thread that runs them. */
RT_HIDDEN void rt_exit_quickly(struct rt_thread *self, struct rt_site *site);

#endif
