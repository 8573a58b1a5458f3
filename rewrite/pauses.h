/* Places where code waits by the instruction `pause`: nothing but loops that wait for another thread has it.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_PAUSES_H
#define RACETRACK_REWRITE_PAUSES_H

#include "module.h"

/* There is one in a function of the module, whose functions need not have been found. False as well where the decoder is not
 * open. */
RT_HIDDEN bool rt_pauses_in(const struct rt_module *module);

#endif
