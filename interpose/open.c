/* Descriptors that come and go. A number is memory of its own kind: see shadow/number.h. Those that come from elsewhere are
 * found out at their first use. */
#include "children.h"
#include "descriptor.h"
#include "signal_stubs.h"
#include "stream.h"
#include "wrap.h"
#include "shadow/hidden.h"
#include "shadow/sys.h"

/* ---- opening ---- */

#define RETURN_OPENED(name, call)                                                                            \
	int opened = call;                                                                                   \
	if (opened >= 0)                                                                                     \
		RT_TELL_ALWAYS(name, rt_descriptor_opened(self, &site, opened));                             \
	return opened

int rt_wrap_socket(int domain, int type, int protocol)
{
	RETURN_OPENED(socket, rt_real.socket(domain, type, protocol));
}

int rt_wrap_eventfd(unsigned int value, int flags)
{
	int opened = rt_real.eventfd(value, flags);
	if (opened >= 0)
		RT_TELL_ALWAYS(eventfd, {
			rt_descriptor_opened(self, &site, opened);
			if (rt_watching)
				rt_descriptor_event(self, opened);
		});
	return opened;
}

/* With a descriptor it changes that one. */
int rt_wrap_signalfd(int fd, const sigset_t *mask, int flags)
{
	if (fd >= 0)
		return rt_real.signalfd(fd, mask, flags);
	RETURN_OPENED(signalfd, rt_real.signalfd(fd, mask, flags));
}

int rt_wrap_timerfd_create(clockid_t clock, int flags)
{
	RETURN_OPENED(timerfd_create, rt_real.timerfd_create(clock, flags));
}

int rt_wrap_inotify_init(void)
{
	RETURN_OPENED(inotify_init, rt_real.inotify_init());
}

int rt_wrap_inotify_init1(int flags)
{
	RETURN_OPENED(inotify_init1, rt_real.inotify_init1(flags));
}

int rt_wrap_pidfd_open(pid_t process, unsigned int flags)
{
	RETURN_OPENED(pidfd_open, rt_real.pidfd_open(process, flags));
}

int rt_wrap_epoll_create(int size)
{
	RETURN_OPENED(epoll_create, rt_real.epoll_create(size));
}

int rt_wrap_epoll_create1(int flags)
{
	RETURN_OPENED(epoll_create1, rt_real.epoll_create1(flags));
}

int rt_wrap_memfd_create(const char *name, unsigned int flags)
{
	RETURN_OPENED(memfd_create, rt_real.memfd_create(name, flags));
}

int rt_wrap_posix_openpt(int flags)
{
	RETURN_OPENED(posix_openpt, rt_real.posix_openpt(flags));
}

/* ---- files with names of the C library's choice ---- */

/* Of the path the six letters before the suffix are written. */
static void tell_named(struct rt_thread *self, struct rt_site *site, int opened, char *path, int suffix)
{
	enum { LETTERS = 6 };
	rt_descriptor_opened(self, site, opened);
	if (!rt_watching)
		return;
	size_t length = rt_real.strlen(path);
	rt_call_access(self, site, path, length + 1, RT_READ);
	rt_call_access(self, site, path + length - (size_t)suffix - LETTERS, LETTERS, RT_WRITE);
}

#define RETURN_NAMED(name, suffix, call)                                                                     \
	int opened = call;                                                                                   \
	if (opened >= 0)                                                                                     \
		RT_TELL_ALWAYS(name, tell_named(self, &site, opened, path, suffix));                         \
	return opened

int rt_wrap_mkstemp(char *path)
{
	RETURN_NAMED(mkstemp, 0, rt_real.mkstemp(path));
}

int rt_wrap_mkstemp64(char *path)
{
	RETURN_NAMED(mkstemp64, 0, rt_real.mkstemp64(path));
}

int rt_wrap_mkostemp(char *path, int flags)
{
	RETURN_NAMED(mkostemp, 0, rt_real.mkostemp(path, flags));
}

int rt_wrap_mkostemp64(char *path, int flags)
{
	RETURN_NAMED(mkostemp64, 0, rt_real.mkostemp64(path, flags));
}

int rt_wrap_mkstemps(char *path, int suffix)
{
	RETURN_NAMED(mkstemps, suffix, rt_real.mkstemps(path, suffix));
}

int rt_wrap_mkstemps64(char *path, int suffix)
{
	RETURN_NAMED(mkstemps64, suffix, rt_real.mkstemps64(path, suffix));
}

int rt_wrap_mkostemps(char *path, int suffix, int flags)
{
	RETURN_NAMED(mkostemps, suffix, rt_real.mkostemps(path, suffix, flags));
}

int rt_wrap_mkostemps64(char *path, int suffix, int flags)
{
	RETURN_NAMED(mkostemps64, suffix, rt_real.mkostemps64(path, suffix, flags));
}

/* ---- streams ---- */

#define RETURN_STREAM(name, call)                                                                            \
	FILE *stream = call;                                                                                 \
	if (stream)                                                                                          \
		RT_TELL_ALWAYS(name, rt_descriptor_opened(self, &site, rt_stream_descriptor(stream)));       \
	return stream

FILE *rt_wrap_tmpfile(void)
{
	RETURN_STREAM(tmpfile, rt_real.tmpfile());
}

FILE *rt_wrap_tmpfile64(void)
{
	RETURN_STREAM(tmpfile64, rt_real.tmpfile64());
}

FILE *rt_wrap_popen(const char *command, const char *mode)
{
	rt_children_starting();
	rt_signal_hand_on();
	FILE *made = rt_real.popen(command, mode);
	rt_signal_handed_on();
	RETURN_STREAM(popen, made);
}

/* ---- pairs ---- */

static void tell_pair(struct rt_thread *self, struct rt_site *site, const int pair[2])
{
	if (rt_watching)
		rt_call_access(self, site, pair, 2 * sizeof(*pair), RT_WRITE);
	rt_descriptor_opened(self, site, pair[0]);
	rt_descriptor_opened(self, site, pair[1]);
}

#define PAIR_BODY(name, call)                                                                                \
	int error = call;                                                                                    \
	if (!error)                                                                                          \
		RT_TELL_ALWAYS(name, tell_pair(self, &site, pair));                                          \
	return error

int rt_wrap_pipe(int pair[2])
{
	PAIR_BODY(pipe, rt_real.pipe(pair));
}

int rt_wrap_pipe2(int pair[2], int flags)
{
	PAIR_BODY(pipe2, rt_real.pipe2(pair, flags));
}

int rt_wrap_socketpair(int domain, int type, int protocol, int pair[2])
{
	int error = rt_real.socketpair(domain, type, protocol, pair);
	if (!error) {
		RT_TELL_ALWAYS(socketpair, tell_pair(self, &site, pair));
		rt_descriptor_pair(pair[0], pair[1]);
	}
	return error;
}
