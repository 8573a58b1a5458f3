/* Code whose accesses are looked at for the order that they make, and for nothing else: races that its own loads and stores take
 * part in are not reported.
 *
 * Who may include it: shadow/, rewrite/. */
#ifndef RACETRACK_SHADOW_QUIET_H
#define RACETRACK_SHADOW_QUIET_H

#include "context.h"

/* [low, high) from now on, until the module that begins at `low` is gone. False: there is no room. One thread at a time. */
RT_HIDDEN bool rt_quiet_add(uintptr_t low, uintptr_t high);
RT_HIDDEN void rt_quiet_forget(uintptr_t low);
/* There was one, ever. */
RT_HIDDEN bool rt_quiet_any(void);
/* The instruction before `pc` lies there. Any thread. */
RT_HIDDEN bool rt_quiet_holds(uintptr_t pc);
/* The access is such a load or store: not a call that the code makes. Any thread. */
RT_HIDDEN bool rt_quiet_is(rt_ctx_t context);

#endif
