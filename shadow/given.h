/* Memory that the program has without having asked for it by a call that was seen: what the kernel put above the first stack, brk's,
 * mappings from before the start or by system calls of its own.
 *
 * Who may include it: interpose/ for the start, else shadow/. */
#ifndef RACETRACK_SHADOW_GIVEN_H
#define RACETRACK_SHADOW_GIVEN_H

#include "memory.h"

/* Above the first stack: where the pointers to the program's arguments and its environment begin, the arguments' strings, and the
 * environment's. They end where the stack's mapping does. */
struct rt_given {
	uintptr_t pointers, arguments, environment;
};
/* Once, at the start. */
RT_HIDDEN void rt_given_init(const struct rt_given *given);

/* Fills in the location of an address that nothing else is known of and that lies in no module. Findings' lock held, the modules of
 * now recorded. */
RT_HIDDEN void rt_given_locate(uintptr_t address, struct rt_memory_location *location);

#endif
