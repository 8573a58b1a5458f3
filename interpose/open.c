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

/* The mode that follows where a file may be made. */
#define RETURN_OPENED_MODE(name, call)                                                                       \
	mode_t mode = 0;                                                                                     \
	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {                                           \
		va_list rest;                                                                                \
		va_start(rest, flags);                                                                       \
		mode = va_arg(rest, mode_t);                                                                 \
		va_end(rest);                                                                                \
	}                                                                                                    \
	RETURN_OPENED(name, call)

int rt_wrap_open(const char *path, int flags, ...)
{
	RETURN_OPENED_MODE(open, rt_real.open(path, flags, mode));
}

int rt_wrap_open64(const char *path, int flags, ...)
{
	RETURN_OPENED_MODE(open64, rt_real.open64(path, flags, mode));
}

int rt_wrap_openat(int folder, const char *path, int flags, ...)
{
	RETURN_OPENED_MODE(openat, rt_real.openat(folder, path, flags, mode));
}

int rt_wrap_openat64(int folder, const char *path, int flags, ...)
{
	RETURN_OPENED_MODE(openat64, rt_real.openat64(folder, path, flags, mode));
}

int rt_wrap___open_2(const char *path, int flags)
{
	RETURN_OPENED(__open_2, rt_real.__open_2(path, flags));
}

int rt_wrap___open64_2(const char *path, int flags)
{
	RETURN_OPENED(__open64_2, rt_real.__open64_2(path, flags));
}

int rt_wrap___openat_2(int folder, const char *path, int flags)
{
	RETURN_OPENED(__openat_2, rt_real.__openat_2(folder, path, flags));
}

int rt_wrap___openat64_2(int folder, const char *path, int flags)
{
	RETURN_OPENED(__openat64_2, rt_real.__openat64_2(folder, path, flags));
}

int rt_wrap_creat(const char *path, mode_t mode)
{
	RETURN_OPENED(creat, rt_real.creat(path, mode));
}

int rt_wrap_creat64(const char *path, mode_t mode)
{
	RETURN_OPENED(creat64, rt_real.creat64(path, mode));
}

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

int rt_wrap_shm_open(const char *name, int flags, mode_t mode)
{
	RETURN_OPENED(shm_open, rt_real.shm_open(name, flags, mode));
}

int rt_wrap_posix_openpt(int flags)
{
	RETURN_OPENED(posix_openpt, rt_real.posix_openpt(flags));
}

int rt_wrap_mkstemp(char *path)
{
	RETURN_OPENED(mkstemp, rt_real.mkstemp(path));
}

int rt_wrap_mkstemp64(char *path)
{
	RETURN_OPENED(mkstemp64, rt_real.mkstemp64(path));
}

int rt_wrap_mkostemp(char *path, int flags)
{
	RETURN_OPENED(mkostemp, rt_real.mkostemp(path, flags));
}

int rt_wrap_mkostemp64(char *path, int flags)
{
	RETURN_OPENED(mkostemp64, rt_real.mkostemp64(path, flags));
}

/* ---- streams ---- */

#define RETURN_STREAM(name, call)                                                                            \
	FILE *stream = call;                                                                                 \
	if (stream)                                                                                          \
		RT_TELL_ALWAYS(name, rt_descriptor_opened(self, &site, rt_stream_descriptor(stream)));       \
	return stream

FILE *rt_wrap_fopen(const char *path, const char *mode)
{
	RETURN_STREAM(fopen, rt_real.fopen(path, mode));
}

FILE *rt_wrap_fopen64(const char *path, const char *mode)
{
	RETURN_STREAM(fopen64, rt_real.fopen64(path, mode));
}

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

/* ---- closing ---- */

static int no_descriptor(void)
{
	errno = EBADF;
	return -1;
}

static void tell_close(struct rt_thread *self, struct rt_site *site, int fd)
{
	rt_number_close(self, site, fd);
	rt_descriptor_closes(self, site, fd);
}

int rt_wrap_close(int fd)
{
	if (rt_hidden_owns(fd))
		return no_descriptor();
	RT_TELL_ALWAYS(close, tell_close(self, &site, fd));
	rt_descriptor_forget(fd);
	int error = rt_real.close(fd);
	if (RT_UNLIKELY(error) && errno == EBADF)
		RT_TELL(close, rt_number_refused(self, &site, fd, RT_WRITE));
	return error;
}

/* The standard streams are closed by who ends the program, whatever its threads still print. */
static void tell_close_stream(struct rt_thread *self, struct rt_site *site, int fd)
{
	if (fd > STDERR_FILENO)
		rt_number_close(self, site, fd);
	rt_descriptor_closes(self, site, fd);
}

#define TELL_CLOSE_STREAM(name, file)                                                                        \
	do {                                                                                                 \
		int fd = (file) ? rt_stream_descriptor(file) : -1;                                           \
		RT_TELL_ALWAYS(name, tell_close_stream(self, &site, fd));                                    \
		rt_descriptor_forget(fd);                                                                    \
	} while (0)

int rt_wrap_fclose(FILE *file)
{
	TELL_CLOSE_STREAM(fclose, file);
	return rt_real.fclose(file);
}

int rt_wrap_pclose(FILE *file)
{
	TELL_CLOSE_STREAM(pclose, file);
	int status = rt_real.pclose(file);
	rt_children_waited(status != -1);
	return status;
}

#define REOPEN_BODY(name, file, call)                                                                        \
	TELL_CLOSE_STREAM(name, file);                                                                       \
	RETURN_STREAM(name, call)

FILE *rt_wrap_freopen(const char *path, const char *mode, FILE *file)
{
	REOPEN_BODY(freopen, file, rt_real.freopen(path, mode, file));
}

FILE *rt_wrap_freopen64(const char *path, const char *mode, FILE *file)
{
	REOPEN_BODY(freopen64, file, rt_real.freopen64(path, mode, file));
}

static void tell_close_all(struct rt_thread *self, struct rt_site *site, unsigned low, unsigned high)
{
	for (unsigned fd = low; fd < RT_DESCRIPTORS && fd <= high; fd++) {
		if (rt_number_is_open((int)fd))
			tell_close(self, site, (int)fd);
		rt_descriptor_forget((int)fd);
	}
}

int rt_wrap_close_range(unsigned int low, unsigned int high, int flags)
{
	enum { ONLY_CLOEXEC = 4 };
	int ours, error = 0;
	if (flags & ONLY_CLOEXEC || low > high)
		return rt_real.close_range(low, high, flags);
	RT_TELL_ALWAYS(close_range, tell_close_all(self, &site, low, high));
	while (!error && (ours = rt_hidden_next((int)low)) >= 0 && (unsigned)ours <= high) {
		if ((unsigned)ours > low)
			error = rt_real.close_range(low, (unsigned)ours - 1, flags);
		low = (unsigned)ours + 1;
	}
	return error || low > high ? error : rt_real.close_range(low, high, flags);
}

void rt_wrap_closefrom(int low)
{
	int ours;
	low = low < 0 ? 0 : low;
	RT_TELL_ALWAYS(closefrom, tell_close_all(self, &site, (unsigned)low, UINT32_MAX));
	while ((ours = rt_hidden_next(low)) >= 0) {
		for (int fd = low; fd < ours; fd++)
			rt_sys_close(fd);
		low = ours + 1;
	}
	rt_real.closefrom(low);
}

/* ---- copies ---- */

#define RETURN_COPY(name, from, call)                                                                        \
	RT_TELL(name, rt_number_use(self, &site, from));                                                     \
	int copy = call;                                                                                     \
	if (copy >= 0)                                                                                       \
		RT_TELL_ALWAYS(name, rt_number_open(self, &site, copy));                                     \
	rt_descriptor_copy(from, copy);                                                                      \
	return copy

/* What the number stood for is closed by it. */
static void tell_replacing(struct rt_thread *self, struct rt_site *site, int from, int to)
{
	if (rt_watching)
		rt_number_use(self, site, from);
	if (from != to)
		rt_descriptor_closes(self, site, to);
}

#define RETURN_REPLACED(name, from, to, call)                                                                \
	if (rt_hidden_owns(from))                                                                            \
		return no_descriptor();                                                                      \
	rt_hidden_make_way(to);                                                                              \
	RT_TELL_ALWAYS(name, tell_replacing(self, &site, from, to));                                         \
	int copy = call;                                                                                     \
	if (copy >= 0)                                                                                       \
		RT_TELL_ALWAYS(name, rt_number_replace(self, &site, copy));                                  \
	rt_descriptor_copy(from, copy);                                                                      \
	return copy

int rt_wrap_dup(int from)
{
	if (rt_hidden_owns(from))
		return no_descriptor();
	RETURN_COPY(dup, from, rt_real.dup(from));
}

int rt_wrap_dup2(int from, int to)
{
	RETURN_REPLACED(dup2, from, to, rt_real.dup2(from, to));
}

int rt_wrap_dup3(int from, int to, int flags)
{
	RETURN_REPLACED(dup3, from, to, rt_real.dup3(from, to, flags));
}

/* Whatever the command's argument is, it is passed on as a word. */
#define CONTROL_BODY(name)                                                                                   \
	va_list rest;                                                                                        \
	va_start(rest, command);                                                                             \
	void *argument = va_arg(rest, void *);                                                               \
	va_end(rest);                                                                                        \
	struct rt_file_request request;                                                                      \
	if (rt_file_request_fcntl(fd, command, argument, &request))                                          \
		RT_FILE_LOCK_BODY(name, request, rt_real.name(fd, command, argument));                       \
	if (command != F_DUPFD && command != F_DUPFD_CLOEXEC)                                                \
		return rt_real.name(fd, command, argument);                                                  \
	RETURN_COPY(name, fd, rt_real.name(fd, command, argument))

int rt_wrap_fcntl(int fd, int command, ...)
{
	CONTROL_BODY(fcntl);
}

int rt_wrap_fcntl64(int fd, int command, ...)
{
	CONTROL_BODY(fcntl64);
}
