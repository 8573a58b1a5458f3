/* Restartable sequences (rseq(2)): the kernel leads a thread that it interrupts in one to another place. It knows them by descriptors that
 * the thread names, with the addresses of their first and last instructions; a clone of them it would not know. Their functions are
 * left as they are.
 *
 * Descriptors are found by their section's name, which librseq, TCMalloc and the kernel's own programs give it.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_RESTARTABLE_H
#define RACETRACK_REWRITE_RESTARTABLE_H

#include "file.h"

/* The module's descriptors, in memory; empty: it has none. */
RT_HIDDEN struct rt_range rt_restartable_find(const struct rt_file *file, const struct rt_module *module);
/* One of them begins in [low, high). */
RT_HIDDEN bool rt_restartable_holds(struct rt_range descriptors, uintptr_t low, uintptr_t high);

#endif
