/* How the C library lays out thread-local storage. Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_TLS_H
#define RACETRACK_INTERPOSE_TLS_H

#include "shadow/base.h"

/* At the start. */
RT_HIDDEN void rt_tls_start(void);

#endif
