/* What streams and formatted output mean to the descriptor below them: what is printed to a pipe happens before what is
 * read from it. A stream that buffers passes it on later than is told here, which orders no less than there is.
 *
 * Who may include it: interpose/. Inside the engine. */
#ifndef RACETRACK_INTERPOSE_STREAM_H
#define RACETRACK_INTERPOSE_STREAM_H

#include "descriptor.h"
#include "file_lock.h"
#include "ring.h"
#include "wrap.h"

static inline void rt_descriptor_release(struct rt_thread *self, struct rt_site *site, int fd)
{
	uint64_t key = rt_descriptor_key_out(fd);
	if (key && !rt_sync_ignored(self)) {
		rt_sync_release(self, site, key, "descriptor");
		rt_rings_release(self, site, key);
	}
}

/* The other end sees the end of the stream. At all times. */
static inline void rt_descriptor_closes(struct rt_thread *self, struct rt_site *site, int fd)
{
	rt_file_lock_closes(self, fd);
	if (!rt_watching)
		return;
	rt_descriptor_release(self, site, fd);
	uint64_t left = rt_descriptor_key_left(fd);
	if (left && !rt_sync_ignored(self))
		rt_sync_release(self, site, left, "descriptor");
}

static inline void rt_descriptor_acquire(struct rt_thread *self, struct rt_site *site, int fd)
{
	uint64_t key = rt_descriptor_key(fd);
	if (key && !rt_sync_ignored(self))
		rt_sync_acquire(self, site, key, "descriptor");
}

/* Not through a stream, whose last user its owner waits for. */
static inline void rt_descriptor_output(struct rt_thread *self, struct rt_site *site, int fd)
{
	rt_number_use(self, site, fd);
	rt_descriptor_release(self, site, fd);
}

/* Negative for a stream without one, in memory or the program's own: fileno sets errno for it. */
static inline int rt_stream_descriptor(FILE *file)
{
	int before = errno;
	int fd = fileno(file);
	errno = before;
	return fd;
}

#define RT_RELEASES_STREAM(file) rt_descriptor_release(self, &site, rt_stream_descriptor(file))
#define RT_ACQUIRES_STREAM(file) rt_descriptor_acquire(self, &site, rt_stream_descriptor(file))

#endif
