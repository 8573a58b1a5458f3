/* What lies behind a descriptor number, as if it were eight bytes of memory: a use reads them, closing writes them, and
 * what is opened begins a new life of the number. For the location line: who opened it and who closed it.
 *
 * Who may include it: shadow/. The functions of this part that others call are in engine.h. */
#ifndef RACETRACK_SHADOW_NUMBER_H
#define RACETRACK_SHADOW_NUMBER_H

#include "memory.h"

/* True when the address stands for a number: fills in the location. */
RT_HIDDEN bool rt_number_locate(uintptr_t address, struct rt_memory_location *location);

#endif
