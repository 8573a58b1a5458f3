/* Does code count references? Atomic instructions of modules that have no hooks and are not rewritten are not seen, so an object
 * whose last user frees it after an atomic decrement there would look like a race of the free with the other users.
 *
 * Who may include it: interpose/. Any thread, signal-safe. */
#ifndef RACETRACK_INTERPOSE_REFERENCES_H
#define RACETRACK_INTERPOSE_REFERENCES_H

#include "shadow/base.h"

/* `stack` holds return addresses of a free, innermost first; small numbers are no addresses. True when one of the
 * functions next to the free decrements something atomically on its way to the call. */
RT_HIDDEN bool rt_counts_references(const uint64_t *stack, uint32_t count);

/* Of an access of any kind: it is made while a reference to an exception is dropped (std::exception_ptr, the end of a catch),
 * which destroys one that nobody refers to any more. */
RT_HIDDEN bool rt_destroys_exception(const uint64_t *stack, uint32_t count);
/* Of an allocation: the block is an exception's. Where code leaves by jumps only the block shows who frees it. */
RT_HIDDEN bool rt_makes_exception(const uint64_t *stack, uint32_t count);
/* Finds the functions that do so: once, before there is a second thread. */
RT_HIDDEN void rt_references_find(void);

#endif
