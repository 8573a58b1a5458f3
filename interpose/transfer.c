/* Descriptors without a buffer of the program's: bytes from one to another, timers, ends of streams. */
#include "descriptor.h"
#include "result.h"
#include "stream.h"

/* ---- from one to another ----
 *
 * Who reads the one comes after who wrote the other, by way of who moved the bytes: it takes over what has been written already
 * before it passes anything on, and again what came while it waited. */

static void tell_moves(struct rt_thread *self, struct rt_site *site, int from, int to)
{
	rt_number_use(self, site, from);
	rt_descriptor_acquire(self, site, from);
	rt_descriptor_output(self, site, to);
}

static void tell_moved(struct rt_thread *self, struct rt_site *site, int from, int to)
{
	rt_descriptor_acquire(self, site, from);
	rt_descriptor_release(self, site, to);
}

#define MOVE_BODY(name, from, to, call, ...)                                                                 \
	RT_TELL(name, tell_moves(self, &site, from, to));                                                    \
	ssize_t result = call;                                                                               \
	if (result >= 0)                                                                                     \
		RT_TELL_CAME(name, {                                                                         \
			tell_moved(self, &site, from, to);                                                   \
			__VA_ARGS__;                                                                         \
		});                                                                                          \
	return result

ssize_t rt_wrap_sendfile(int to, int from, off_t *offset, size_t bytes)
{
	MOVE_BODY(sendfile, from, to, rt_real.sendfile(to, from, offset, bytes), RT_WRITES_VALUE(offset));
}

ssize_t rt_wrap_sendfile64(int to, int from, off64_t *offset, size_t bytes)
{
	MOVE_BODY(sendfile64, from, to, rt_real.sendfile64(to, from, offset, bytes), RT_WRITES_VALUE(offset));
}

#define WRITES_OFFSETS                                                                                       \
	{                                                                                                    \
		RT_WRITES_VALUE(from_offset);                                                                \
		RT_WRITES_VALUE(to_offset);                                                                  \
	}

ssize_t rt_wrap_splice(
	int from, off64_t *from_offset, int to, off64_t *to_offset, size_t bytes, unsigned int flags)
{
	MOVE_BODY(splice, from, to, rt_real.splice(from, from_offset, to, to_offset, bytes, flags),
		WRITES_OFFSETS);
}

ssize_t rt_wrap_tee(int from, int to, size_t bytes, unsigned int flags)
{
	MOVE_BODY(tee, from, to, rt_real.tee(from, to, bytes, flags), (void)0);
}

ssize_t rt_wrap_copy_file_range(
	int from, off64_t *from_offset, int to, off64_t *to_offset, size_t bytes, unsigned int flags)
{
	MOVE_BODY(copy_file_range, from, to,
		rt_real.copy_file_range(from, from_offset, to, to_offset, bytes, flags), WRITES_OFFSETS);
}

/* ---- timers ---- */

/* What is done before a timer is set happens before it runs out. */
int rt_wrap_timerfd_settime(int fd, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	RT_TELL(timerfd_settime, {
		RT_READS(value, sizeof(*value));
		rt_descriptor_output(self, &site, fd);
	});
	int error = rt_real.timerfd_settime(fd, flags, value, old);
	if (!error && old)
		RT_TELL(timerfd_settime, RT_WRITES(old, sizeof(*old)));
	return error;
}

/* ---- ends of streams ---- */

int rt_wrap_shutdown(int fd, int how)
{
	RT_TELL(shutdown, rt_descriptor_output(self, &site, fd));
	return rt_real.shutdown(fd, how);
}
