/* Libraries that make locks of their own out of atomic instructions and the kernel's futex, or a loop that waits by `pause`: libgomp,
 * TBB, GLib, Qt, liburcu; SDL, Boost's fibers.
 * Without a look at them the order that they give the program's accesses is not seen, and what is right looks like a race. Of
 * the system's libraries, which are else left alone, the functions of these that order anything are rewritten; what they
 * themselves load and store is no finding (shadow/trait.h). So are atomic operations that a library has as functions (named.h).
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_LOCKING_H
#define RACETRACK_REWRITE_LOCKING_H

#include "unit.h"

/* The module calls futex without the C library's own locks, itself or by `syscall`; or it waits by `pause`; or it makes threads, and
 * gives the processor away where they wait for each other (OpenBLAS). */
RT_HIDDEN bool rt_locking_module(const struct rt_module *module);
/* Of the functions that were chosen: those that order something by an atomic instruction, a loop that waits, sched_yield, a call of
 * the kernel, a store that may give a lock back, or atomic operations, and those that call them; where the module makes no locks, the
 * operations alone. In one that does little else they stay, all of them. False: no memory. */
RT_HIDDEN bool rt_locking_choose(struct rt_unit *unit);

#endif
