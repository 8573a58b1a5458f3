/* Modules that are rewritten as a whole, or nearly: what their code does with atomic instructions, and with memory, is seen like the
 * calls that they make.
 *
 * Who may include it: interpose/, rewrite/. */
#ifndef RACETRACK_SHADOW_WHOLE_H
#define RACETRACK_SHADOW_WHOLE_H

#include "base.h"

/* [low, high) from now on, until the module that begins at `low` is gone. One thread at a time. */
RT_HIDDEN void rt_whole_add(uintptr_t low, uintptr_t high);
RT_HIDDEN void rt_whole_forget(uintptr_t low);
/* The byte before `pc` lies in one. Any thread. */
RT_HIDDEN bool rt_whole_holds(uintptr_t pc);

#endif
