/* Where the calling thread's stack lies.
 *
 * Who may include it: interpose/. Any thread that the C library made. */
#ifndef RACETRACK_INTERPOSE_OWN_STACK_H
#define RACETRACK_INTERPOSE_OWN_STACK_H

#include <stdint.h>

/* What pthread_getattr_np says, with the thread's own variables, and without its guard. Calls nothing of the program's where the
 * C library is the one that is known. Both 0: nobody knows. */
__attribute__((visibility("hidden"))) void rt_own_stack(uintptr_t *low, uintptr_t *high);

#endif
