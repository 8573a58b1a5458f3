/* Before a call that starts a process, and after one that may have waited for some.
 *
 * Who may include it: interpose/. Any thread, outside the engine. */
#ifndef RACETRACK_INTERPOSE_CHILDREN_H
#define RACETRACK_INTERPOSE_CHILDREN_H

#include "shadow/base.h"

RT_HIDDEN void rt_children_starting(void);
/* `some`: it did; for whom, or 0: that is not known. */
RT_HIDDEN void rt_children_waited(bool some, int pid);

#endif
