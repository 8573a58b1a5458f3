/* What debuggers are told of clones: gdb's interface for code that is made at run time, an ELF file in memory with unwinding
 * tables. In them a clone's frame is one more frame above the original's: the same registers, and as the return address the
 * instruction of the original that the place belongs to.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_DEBUG_H
#define RACETRACK_REWRITE_DEBUG_H

#include "unit.h"

/* Without memory for it debuggers know nothing of the unit. The bytes that were taken. */
RT_HIDDEN size_t rt_debug_tell(const struct rt_unit *unit);

#endif
