/* System V semaphores that the kernel changes back when this process ends.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_SYSTEM_V_H
#define RACETRACK_INTERPOSE_SYSTEM_V_H

#include "shadow/engine.h"

/* The process ends. Inside the engine. */
RT_HIDDEN void rt_system_v_ends(struct rt_thread *self);

#endif
