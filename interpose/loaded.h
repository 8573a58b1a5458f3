/* Modules that were loaded after the start. Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_LOADED_H
#define RACETRACK_INTERPOSE_LOADED_H

#include "types.h"
#include "shadow/base.h"

/* At the start: the modules of now are those that the program was linked with. They stay. */
RT_HIDDEN void rt_loaded_start(void);
/* The address lies in another one's. Any thread, takes no lock. */
RT_HIDDEN bool rt_loaded_since(uintptr_t address);

#endif
