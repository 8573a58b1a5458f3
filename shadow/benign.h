/* Ranges in which the program declared races benign.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_BENIGN_H
#define RACETRACK_SHADOW_BENIGN_H

#include "base.h"

/* All of [low, high) was declared benign, or it holds the first byte of what was declared without a size. */
RT_HIDDEN bool rt_benign_holds(uintptr_t low, uintptr_t high);
/* The range means other memory from now on. */
RT_HIDDEN void rt_benign_forget(uintptr_t address, size_t bytes);

#endif
