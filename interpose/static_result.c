/* Functions whose result lies in one place for all threads: see hidden_state.h. */
#include "hidden_state.h"
#include "result.h"

#define RESULT_BODY(function, bytes, call, ...)                                                              \
	static struct rt_hidden hidden = {.name = "the result of " #function};                               \
	__auto_type result = call;                                                                           \
	if (result)                                                                                          \
		RT_TELL(function, {                                                                          \
			__VA_ARGS__;                                                                         \
			rt_hidden_use(self, &site, &hidden, result, bytes, RT_WRITE);                        \
		});                                                                                          \
	return result

#define VALUE sizeof(*result)
#define TEXT  (rt_real.strlen(result) + 1)

#define NEXT(type, name, bytes)                                                                              \
	type rt_wrap_##name(void)                                                                            \
	{                                                                                                    \
		RESULT_BODY(name, bytes, rt_real.name(), (void)0);                                           \
	}
#define BY_KEY(type, name, bytes, key_type)                                                                  \
	type rt_wrap_##name(key_type key)                                                                    \
	{                                                                                                    \
		RESULT_BODY(name, bytes, rt_real.name(key), (void)0);                                        \
	}
#define BY_NAME(type, name, bytes)                                                                           \
	type rt_wrap_##name(const char *text)                                                                \
	{                                                                                                    \
		RESULT_BODY(name, bytes, rt_real.name(text), RT_READS_TEXT(text));                           \
	}
#define OF_VALUE(type, name, bytes, value_type)                                                              \
	type rt_wrap_##name(const value_type *value)                                                         \
	{                                                                                                    \
		RESULT_BODY(name, bytes, rt_real.name(value), RT_READS_VALUE(value));                        \
	}
#define DIGITS_OF(name)                                                                                      \
	char *rt_wrap_##name(double x, int digits, int *point, int *sign)                                    \
	{                                                                                                    \
		RESULT_BODY(name, TEXT, rt_real.name(x, digits, point, sign), {                              \
			RT_WRITES_VALUE(point);                                                              \
			RT_WRITES_VALUE(sign);                                                               \
		});                                                                                          \
	}

OF_VALUE(struct tm *, localtime, VALUE, time_t)
OF_VALUE(struct tm *, gmtime, VALUE, time_t)
OF_VALUE(char *, asctime, TEXT, struct tm)
OF_VALUE(char *, ctime, TEXT, time_t)

BY_NAME(struct passwd *, getpwnam, VALUE)
BY_KEY(struct passwd *, getpwuid, VALUE, uid_t)
BY_KEY(struct passwd *, fgetpwent, VALUE, FILE *)
BY_NAME(struct group *, getgrnam, VALUE)
BY_KEY(struct group *, getgrgid, VALUE, gid_t)
BY_KEY(struct group *, fgetgrent, VALUE, FILE *)
NEXT(char *, getlogin, TEXT)

BY_NAME(struct hostent *, gethostbyname, VALUE)
NEXT(struct hostent *, gethostent, VALUE)
NEXT(struct servent *, getservent, VALUE)
BY_NAME(struct protoent *, getprotobyname, VALUE)
BY_KEY(struct protoent *, getprotobynumber, VALUE, int)
NEXT(struct protoent *, getprotoent, VALUE)
BY_NAME(struct netent *, getnetbyname, VALUE)
NEXT(struct netent *, getnetent, VALUE)
OF_VALUE(char *, ether_ntoa, TEXT, struct ether_addr)
BY_NAME(struct ether_addr *, ether_aton, VALUE)

BY_KEY(char *, ttyname, TEXT, int)
BY_KEY(char *, ptsname, TEXT, int)
BY_KEY(char *, l64a, TEXT, long)
DIGITS_OF(ecvt)
DIGITS_OF(fcvt)
NEXT(struct lconv *, localeconv, VALUE)
BY_KEY(struct mntent *, getmntent, VALUE, FILE *)

struct hostent *rt_wrap_gethostbyname2(const char *name, int family)
{
	RESULT_BODY(gethostbyname2, VALUE, rt_real.gethostbyname2(name, family), RT_READS_TEXT(name));
}

struct hostent *rt_wrap_gethostbyaddr(const void *address, socklen_t bytes, int family)
{
	RESULT_BODY(gethostbyaddr, VALUE, rt_real.gethostbyaddr(address, bytes, family),
		RT_READS(address, bytes));
}

struct servent *rt_wrap_getservbyname(const char *name, const char *protocol)
{
	RESULT_BODY(getservbyname, VALUE, rt_real.getservbyname(name, protocol), {
		RT_READS_TEXT(name);
		RT_READS_TEXT(protocol);
	});
}

struct servent *rt_wrap_getservbyport(int port, const char *protocol)
{
	RESULT_BODY(getservbyport, VALUE, rt_real.getservbyport(port, protocol), RT_READS_TEXT(protocol));
}

struct netent *rt_wrap_getnetbyaddr(uint32_t net, int family)
{
	RESULT_BODY(getnetbyaddr, VALUE, rt_real.getnetbyaddr(net, family), (void)0);
}

/* With `to` it is the caller's. */
char *rt_wrap_tmpnam(char *to)
{
	if (to) {
		RT_RESULT_BODY(tmpnam, rt_real.tmpnam(to), result, RT_WRITES_STRING(to));
	}
	RESULT_BODY(tmpnam, TEXT, rt_real.tmpnam(to), (void)0);
}

/* ---- lists: the place in them is kept, too ---- */

struct passwd *rt_wrap_getpwent(void)
{
	RESULT_BODY(getpwent, VALUE, rt_real.getpwent(), RT_USES_HIDDEN(rt_hidden_users, RT_WRITE));
}

struct group *rt_wrap_getgrent(void)
{
	RESULT_BODY(getgrent, VALUE, rt_real.getgrent(), RT_USES_HIDDEN(rt_hidden_groups, RT_WRITE));
}

/* ---- entries of a folder, in the memory of its stream; the stream itself counts as its first word ---- */

#define ENTRY_BODY(function, call)                                                                           \
	static struct rt_hidden hidden = {.is_named = true}; /* a block with a history */                    \
	RT_TELL(function, rt_hidden_use(self, &site, &hidden, folder, sizeof(void *), RT_WRITE));            \
	__auto_type result = call;                                                                           \
	if (result)                                                                                          \
		RT_TELL(function, rt_hidden_use(self, &site, &hidden, result, result->d_reclen, RT_WRITE));  \
	return result

struct dirent *rt_wrap_readdir(DIR *folder)
{
	ENTRY_BODY(readdir, rt_real.readdir(folder));
}

struct dirent64 *rt_wrap_readdir64(DIR *folder)
{
	ENTRY_BODY(readdir64, rt_real.readdir64(folder));
}
