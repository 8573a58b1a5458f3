/* What a mapping that others may share shows: which file, memfd or segment.
 *
 * Who may include it: interpose/. Inside the engine; system calls of its own only. */
#ifndef RACETRACK_INTERPOSE_SHARE_H
#define RACETRACK_INTERPOSE_SHARE_H

#include "shadow/engine.h"

/* A range was mapped: tells the engine of it where it is shared. `offset` as mmap(2) has it. */
RT_HIDDEN void rt_share_mapped(struct rt_thread *self, struct rt_site *site, void *range, size_t bytes,
	int protection, int flags, int fd, int64_t offset);
/* A System V segment was attached. */
RT_HIDDEN void rt_share_attached(
	struct rt_thread *self, struct rt_site *site, void *range, size_t bytes, int id, int flags);

#endif
