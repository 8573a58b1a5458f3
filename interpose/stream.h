/* What streams and formatted output mean to the descriptor below them: what is printed to a pipe happens before what is
 * read from it. A stream that buffers passes it on later than is told here, which orders no less than there is.
 *
 * Who may include it: interpose/. Inside the engine. */
#ifndef RACETRACK_INTERPOSE_STREAM_H
#define RACETRACK_INTERPOSE_STREAM_H

#include "descriptor.h"
#include "wrap.h"

static inline void rt_descriptor_release(struct rt_thread *self, struct rt_site *site, int fd)
{
	uint64_t key = rt_descriptor_key(fd);
	if (key && !rt_sync_ignored(self))
		rt_sync_release(self, site, key, "descriptor");
}

static inline void rt_descriptor_acquire(struct rt_thread *self, struct rt_site *site, int fd)
{
	uint64_t key = rt_descriptor_key(fd);
	if (key && !rt_sync_ignored(self))
		rt_sync_acquire(self, site, key, "descriptor");
}

/* A stream in memory has a negative descriptor. fileno would set errno for it. */
#define RT_RELEASES_STREAM(file) rt_descriptor_release(self, &site, (file)->_fileno)
#define RT_ACQUIRES_STREAM(file) rt_descriptor_acquire(self, &site, (file)->_fileno)

#endif
