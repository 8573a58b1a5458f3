/* Functions whose result lies in one place for all threads: see hidden_state.h. */
#include "static_result.h"

#define DIGITS_OF(name)                                                                                      \
	char *rt_wrap_##name(double x, int digits, int *point, int *sign)                                    \
	{                                                                                                    \
		RT_STATIC_RESULT_BODY(name, RT_RESULT_TEXT, rt_real.name(x, digits, point, sign), {          \
			RT_WRITES_VALUE(point);                                                              \
			RT_WRITES_VALUE(sign);                                                               \
		});                                                                                          \
	}

RT_STATIC_OF_VALUE(struct tm *, localtime, RT_RESULT_VALUE, time_t)
RT_STATIC_OF_VALUE(struct tm *, gmtime, RT_RESULT_VALUE, time_t)
RT_STATIC_OF_VALUE(char *, asctime, RT_RESULT_TEXT, struct tm)
RT_STATIC_OF_VALUE(char *, ctime, RT_RESULT_TEXT, time_t)

RT_STATIC_BY_NAME(struct passwd *, getpwnam, RT_RESULT_VALUE)
RT_STATIC_BY_KEY(struct passwd *, getpwuid, RT_RESULT_VALUE, uid_t)
RT_STATIC_BY_KEY(struct passwd *, fgetpwent, RT_RESULT_VALUE, FILE *)
RT_STATIC_BY_NAME(struct group *, getgrnam, RT_RESULT_VALUE)
RT_STATIC_BY_KEY(struct group *, getgrgid, RT_RESULT_VALUE, gid_t)
RT_STATIC_BY_KEY(struct group *, fgetgrent, RT_RESULT_VALUE, FILE *)
RT_STATIC_NEXT(char *, getlogin, RT_RESULT_TEXT)

RT_STATIC_BY_NAME(struct hostent *, gethostbyname, RT_RESULT_VALUE)
RT_STATIC_NEXT(struct hostent *, gethostent, RT_RESULT_VALUE)
RT_STATIC_NEXT(struct servent *, getservent, RT_RESULT_VALUE)
RT_STATIC_BY_NAME(struct protoent *, getprotobyname, RT_RESULT_VALUE)
RT_STATIC_BY_KEY(struct protoent *, getprotobynumber, RT_RESULT_VALUE, int)
RT_STATIC_NEXT(struct protoent *, getprotoent, RT_RESULT_VALUE)
RT_STATIC_BY_NAME(struct netent *, getnetbyname, RT_RESULT_VALUE)
RT_STATIC_NEXT(struct netent *, getnetent, RT_RESULT_VALUE)
RT_STATIC_OF_VALUE(char *, ether_ntoa, RT_RESULT_TEXT, struct ether_addr)
RT_STATIC_BY_NAME(struct ether_addr *, ether_aton, RT_RESULT_VALUE)

RT_STATIC_BY_KEY(char *, ttyname, RT_RESULT_TEXT, int)
RT_STATIC_BY_KEY(char *, ptsname, RT_RESULT_TEXT, int)
RT_STATIC_BY_KEY(char *, l64a, RT_RESULT_TEXT, long)
DIGITS_OF(ecvt)
DIGITS_OF(fcvt)
RT_STATIC_NEXT(struct lconv *, localeconv, RT_RESULT_VALUE)
RT_STATIC_BY_KEY(struct mntent *, getmntent, RT_RESULT_VALUE, FILE *)

struct hostent *rt_wrap_gethostbyname2(const char *name, int family)
{
	RT_STATIC_RESULT_BODY(
		gethostbyname2, RT_RESULT_VALUE, rt_real.gethostbyname2(name, family), RT_READS_TEXT(name));
}

struct hostent *rt_wrap_gethostbyaddr(const void *address, socklen_t bytes, int family)
{
	RT_STATIC_RESULT_BODY(gethostbyaddr, RT_RESULT_VALUE, rt_real.gethostbyaddr(address, bytes, family),
		RT_READS(address, bytes));
}

struct servent *rt_wrap_getservbyname(const char *name, const char *protocol)
{
	RT_STATIC_RESULT_BODY(getservbyname, RT_RESULT_VALUE, rt_real.getservbyname(name, protocol), {
		RT_READS_TEXT(name);
		RT_READS_TEXT(protocol);
	});
}

struct servent *rt_wrap_getservbyport(int port, const char *protocol)
{
	RT_STATIC_RESULT_BODY(getservbyport, RT_RESULT_VALUE, rt_real.getservbyport(port, protocol),
		RT_READS_TEXT(protocol));
}

struct netent *rt_wrap_getnetbyaddr(uint32_t net, int family)
{
	RT_STATIC_RESULT_BODY(getnetbyaddr, RT_RESULT_VALUE, rt_real.getnetbyaddr(net, family), (void)0);
}

/* With `to` it is the caller's. */
char *rt_wrap_tmpnam(char *to)
{
	if (to) {
		RT_RESULT_BODY(tmpnam, rt_real.tmpnam(to), result, RT_WRITES_STRING(to));
	}
	RT_STATIC_RESULT_BODY(tmpnam, RT_RESULT_TEXT, rt_real.tmpnam(to), (void)0);
}

/* ---- lists: the place in them is kept, too ---- */

struct passwd *rt_wrap_getpwent(void)
{
	RT_STATIC_RESULT_BODY(
		getpwent, RT_RESULT_VALUE, rt_real.getpwent(), RT_USES_HIDDEN(rt_hidden_users, RT_WRITE));
}

struct group *rt_wrap_getgrent(void)
{
	RT_STATIC_RESULT_BODY(
		getgrent, RT_RESULT_VALUE, rt_real.getgrent(), RT_USES_HIDDEN(rt_hidden_groups, RT_WRITE));
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
