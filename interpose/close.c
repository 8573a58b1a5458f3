/* Descriptors that are closed, and copies of them. */
#include "children.h"
#include "descriptor.h"
#include "stream.h"
#include "memory_stream.h"
#include "wrap.h"
#include "shadow/hidden.h"
#include "shadow/sys.h"

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
	RT_FLUSH_BODY(fclose, file, true, rt_real.fclose(file));
}

int rt_wrap_pclose(FILE *file)
{
	TELL_CLOSE_STREAM(pclose, file);
	int status = rt_real.pclose(file);
	rt_children_waited(status != -1, 0);
	return status;
}

#define RETURN_STREAM(name, call)                                                                            \
	FILE *stream = call;                                                                                 \
	if (stream)                                                                                          \
		RT_TELL_ALWAYS(name, rt_descriptor_opened(self, &site, rt_stream_descriptor(stream)));       \
	return stream

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
