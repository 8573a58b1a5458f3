/* The start of the library in a process, and what serves calls before and during it.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_START_H
#define RACETRACK_INTERPOSE_START_H

#include "shadow/base.h"

struct rt_thread;

/* Once; later calls return at once. By the first wrapped call or the library's constructor, whichever comes first. */
RT_HIDDEN void rt_interpose_start(void);
/* The start is under way (in this, the only thread). */
RT_HIDDEN bool rt_starting(void);

/* Before another thread begins: one of the program's, or one that the C library starts for it. Outside the engine. */
RT_HIDDEN void rt_threads_coming(void);
/* The calling thread is `thread` from here on, which is new. mask: what its signals are to be from then on; NULL: as they are. */
RT_HIDDEN void rt_begin(struct rt_thread *thread, const uint64_t *mask);

/* malloc and its family while the start looks up the real ones: NULL for other names. Blocks of theirs are never given
 * back. */
RT_HIDDEN void *rt_early_function(const char *name);
RT_HIDDEN bool rt_early_owns(const void *block);
RT_HIDDEN size_t rt_early_bytes(const void *block);

#endif
