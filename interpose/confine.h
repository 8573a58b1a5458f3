/* A process that gives up rights by a system call that it makes by number. Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_CONFINE_H
#define RACETRACK_INTERPOSE_CONFINE_H

#include "shadow/base.h"

/* Makes the call; -1 and errno as the C library's. */
RT_HIDDEN long rt_confine_seccomp(const long arguments[6]);

#endif
