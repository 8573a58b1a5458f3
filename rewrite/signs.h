/* Signs that a module's code orders threads by itself, looked for in its text before its functions are found: bytes that only
 * look like such an instruction are none.
 *
 * Who may include it: rewrite/. One thread at a time. All say false where the decoder is not open. */
#ifndef RACETRACK_REWRITE_SIGNS_H
#define RACETRACK_REWRITE_SIGNS_H

#include "module.h"

/* It waits by the instruction `pause`: nothing but loops that wait for another thread has it. */
RT_HIDDEN bool rt_signs_pause(const struct rt_module *module);
/* It has atomic instructions. */
RT_HIDDEN bool rt_signs_lock(const struct rt_module *module);

#endif
