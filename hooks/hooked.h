/* Which modules of the process are compiled with hooks. What is told of their atomic operations and their plain accesses is
 * all that there is; of other modules it is their calls alone.
 *
 * Who may include it: hooks/ and interpose/. Any thread, no locks. */
#ifndef RACETRACK_HOOKS_HOOKED_H
#define RACETRACK_HOOKS_HOOKED_H

#include "shadow/base.h"

/* The module that holds the address says that it has hooks. */
RT_HIDDEN void rt_hooked_note(uintptr_t pc);
RT_HIDDEN bool rt_hooked_any(void);
/* Code at the address is compiled with hooks: its module is. */
RT_HIDDEN bool rt_hooked_at(uintptr_t pc);

#endif
