/* Results of other calls, in memory of the program's. */
#include "span.h"
#include "wrap.h"

#define RESULT_BODY(name, call, to)                                                                          \
	ssize_t result = call;                                                                               \
	if (result > 0)                                                                                      \
		RT_TELL(name, RT_WRITES(to, (size_t)result));                                                \
	return result

ssize_t rt_wrap_getrandom(void *to, size_t bytes, unsigned int flags)
{
	RESULT_BODY(getrandom, rt_real.getrandom(to, bytes, flags), to);
}

void rt_wrap_arc4random_buf(void *to, size_t bytes)
{
	rt_real.arc4random_buf(to, bytes);
	RT_TELL(arc4random_buf, RT_WRITES(to, bytes));
}

int rt_wrap_getentropy(void *to, size_t bytes)
{
	int result = rt_real.getentropy(to, bytes);
	if (!result)
		RT_TELL(getentropy, RT_WRITES(to, bytes));
	return result;
}

#define PATH_RESULT_BODY(name, call, path, to)                                                               \
	ssize_t result = call;                                                                               \
	if (result > 0)                                                                                      \
		RT_TELL(name, {                                                                              \
			RT_READS_STRING(path);                                                               \
			RT_WRITES(to, (size_t)result);                                                       \
		});                                                                                          \
	return result

ssize_t rt_wrap_readlink(const char *path, char *to, size_t room)
{
	PATH_RESULT_BODY(readlink, rt_real.readlink(path, to, room), path, to);
}

ssize_t rt_wrap___readlink_chk(const char *path, char *to, size_t size, size_t room)
{
	PATH_RESULT_BODY(__readlink_chk, rt_real.__readlink_chk(path, to, size, room), path, to);
}

ssize_t rt_wrap_readlinkat(int fd, const char *path, char *to, size_t room)
{
	PATH_RESULT_BODY(readlinkat, rt_real.readlinkat(fd, path, to, room), path, to);
}

ssize_t rt_wrap___readlinkat_chk(int fd, const char *path, char *to, size_t size, size_t room)
{
	PATH_RESULT_BODY(__readlinkat_chk, rt_real.__readlinkat_chk(fd, path, to, size, room), path, to);
}

/* With `to` NULL the result is a new block, of which nobody else can know. */
#define TELL_TEXT(name, done, to)                                                                            \
	do {                                                                                                 \
		if ((done) && (to))                                                                          \
			RT_TELL(name, RT_WRITES(to, rt_real.strlen(to) + 1));                                \
	} while (0)

char *rt_wrap_getcwd(char *to, size_t room)
{
	char *result = rt_real.getcwd(to, room);
	TELL_TEXT(getcwd, result, to);
	return result;
}

char *rt_wrap___getcwd_chk(char *to, size_t size, size_t room)
{
	char *result = rt_real.__getcwd_chk(to, size, room);
	TELL_TEXT(__getcwd_chk, result, to);
	return result;
}

int rt_wrap_gethostname(char *to, size_t room)
{
	int result = rt_real.gethostname(to, room);
	TELL_TEXT(gethostname, !result, to);
	return result;
}

int rt_wrap___gethostname_chk(char *to, size_t size, size_t room)
{
	int result = rt_real.__gethostname_chk(to, size, room);
	TELL_TEXT(__gethostname_chk, !result, to);
	return result;
}

/* ---- texts and times ---- */

/* GNU's returns a text of its own, where it has one. */
char *rt_wrap_strerror_r(int error, char *to, size_t room)
{
	char *result = rt_real.strerror_r(error, to, room);
	TELL_TEXT(strerror_r, result == to && room, to);
	return result;
}

int rt_wrap___xpg_strerror_r(int error, char *to, size_t room)
{
	int result = rt_real.__xpg_strerror_r(error, to, room);
	TELL_TEXT(__xpg_strerror_r, room, to);
	return result;
}

int rt_wrap_ttyname_r(int fd, char *to, size_t room)
{
	int error = rt_real.ttyname_r(fd, to, room);
	TELL_TEXT(ttyname_r, !error, to);
	return error;
}

char *rt_wrap_realpath(const char *path, char *to)
{
	char *result = rt_real.realpath(path, to);
	if (result)
		RT_TELL(realpath, RT_READS_STRING(path));
	TELL_TEXT(realpath, result, result);
	return result;
}

#define TIME_BODY(type, name, from, to, written)                                                             \
	type *result = rt_real.name(from, to);                                                               \
	if (result)                                                                                          \
		RT_TELL(name, {                                                                              \
			RT_READS(from, sizeof(*from));                                                       \
			RT_WRITES(to, written);                                                              \
		});                                                                                          \
	return result

struct tm *rt_wrap_gmtime_r(const time_t *time, struct tm *to)
{
	TIME_BODY(struct tm, gmtime_r, time, to, sizeof(*to));
}

struct tm *rt_wrap_localtime_r(const time_t *time, struct tm *to)
{
	TIME_BODY(struct tm, localtime_r, time, to, sizeof(*to));
}

char *rt_wrap_ctime_r(const time_t *time, char *to)
{
	TIME_BODY(char, ctime_r, time, to, rt_span_string(to, SIZE_MAX));
}

char *rt_wrap_asctime_r(const struct tm *time, char *to)
{
	TIME_BODY(char, asctime_r, time, to, rt_span_string(to, SIZE_MAX));
}

/* ---- addresses of the Internet ---- */

static size_t address_bytes(int family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

const char *rt_wrap_inet_ntop(int family, const void *from, char *to, socklen_t room)
{
	const char *result = rt_real.inet_ntop(family, from, to, room);
	if (result)
		RT_TELL(inet_ntop, {
			RT_READS(from, address_bytes(family));
			RT_WRITES(to, rt_span_string(to, SIZE_MAX));
		});
	return result;
}

int rt_wrap_inet_pton(int family, const char *from, void *to)
{
	int result = rt_real.inet_pton(family, from, to);
	if (result == 1)
		RT_TELL(inet_pton, {
			RT_READS_STRING(from);
			RT_WRITES(to, address_bytes(family));
		});
	return result;
}
