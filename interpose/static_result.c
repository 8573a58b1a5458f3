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

/* ---- times ---- */

struct tm *rt_wrap_localtime(const time_t *time)
{
	RESULT_BODY(localtime, VALUE, rt_real.localtime(time), RT_READS_VALUE(time));
}

struct tm *rt_wrap_gmtime(const time_t *time)
{
	RESULT_BODY(gmtime, VALUE, rt_real.gmtime(time), RT_READS_VALUE(time));
}

char *rt_wrap_asctime(const struct tm *time)
{
	RESULT_BODY(asctime, TEXT, rt_real.asctime(time), RT_READS_VALUE(time));
}

char *rt_wrap_ctime(const time_t *time)
{
	RESULT_BODY(ctime, TEXT, rt_real.ctime(time), RT_READS_VALUE(time));
}

/* ---- users and groups ---- */

struct passwd *rt_wrap_getpwnam(const char *name)
{
	RESULT_BODY(getpwnam, VALUE, rt_real.getpwnam(name), RT_READS_TEXT(name));
}

struct passwd *rt_wrap_getpwuid(uid_t user)
{
	RESULT_BODY(getpwuid, VALUE, rt_real.getpwuid(user), (void)0);
}

struct passwd *rt_wrap_fgetpwent(FILE *file)
{
	RESULT_BODY(fgetpwent, VALUE, rt_real.fgetpwent(file), (void)0);
}

struct group *rt_wrap_getgrnam(const char *name)
{
	RESULT_BODY(getgrnam, VALUE, rt_real.getgrnam(name), RT_READS_TEXT(name));
}

struct group *rt_wrap_getgrgid(gid_t group)
{
	RESULT_BODY(getgrgid, VALUE, rt_real.getgrgid(group), (void)0);
}

struct group *rt_wrap_fgetgrent(FILE *file)
{
	RESULT_BODY(fgetgrent, VALUE, rt_real.fgetgrent(file), (void)0);
}

char *rt_wrap_getlogin(void)
{
	RESULT_BODY(getlogin, TEXT, rt_real.getlogin(), (void)0);
}

/* ---- the network ---- */

struct hostent *rt_wrap_gethostbyname(const char *name)
{
	RESULT_BODY(gethostbyname, VALUE, rt_real.gethostbyname(name), RT_READS_TEXT(name));
}

struct hostent *rt_wrap_gethostbyname2(const char *name, int family)
{
	RESULT_BODY(gethostbyname2, VALUE, rt_real.gethostbyname2(name, family), RT_READS_TEXT(name));
}

struct hostent *rt_wrap_gethostbyaddr(const void *address, socklen_t bytes, int family)
{
	RESULT_BODY(gethostbyaddr, VALUE, rt_real.gethostbyaddr(address, bytes, family),
		RT_READS(address, bytes));
}

struct hostent *rt_wrap_gethostent(void)
{
	RESULT_BODY(gethostent, VALUE, rt_real.gethostent(), (void)0);
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

struct servent *rt_wrap_getservent(void)
{
	RESULT_BODY(getservent, VALUE, rt_real.getservent(), (void)0);
}

struct protoent *rt_wrap_getprotobyname(const char *name)
{
	RESULT_BODY(getprotobyname, VALUE, rt_real.getprotobyname(name), RT_READS_TEXT(name));
}

struct protoent *rt_wrap_getprotobynumber(int number)
{
	RESULT_BODY(getprotobynumber, VALUE, rt_real.getprotobynumber(number), (void)0);
}

struct protoent *rt_wrap_getprotoent(void)
{
	RESULT_BODY(getprotoent, VALUE, rt_real.getprotoent(), (void)0);
}

struct netent *rt_wrap_getnetbyname(const char *name)
{
	RESULT_BODY(getnetbyname, VALUE, rt_real.getnetbyname(name), RT_READS_TEXT(name));
}

struct netent *rt_wrap_getnetbyaddr(uint32_t net, int family)
{
	RESULT_BODY(getnetbyaddr, VALUE, rt_real.getnetbyaddr(net, family), (void)0);
}

struct netent *rt_wrap_getnetent(void)
{
	RESULT_BODY(getnetent, VALUE, rt_real.getnetent(), (void)0);
}

char *rt_wrap_ether_ntoa(const struct ether_addr *address)
{
	RESULT_BODY(ether_ntoa, TEXT, rt_real.ether_ntoa(address), RT_READS_VALUE(address));
}

struct ether_addr *rt_wrap_ether_aton(const char *text)
{
	RESULT_BODY(ether_aton, VALUE, rt_real.ether_aton(text), RT_READS_TEXT(text));
}

/* ---- names and numbers ---- */

char *rt_wrap_ttyname(int fd)
{
	RESULT_BODY(ttyname, TEXT, rt_real.ttyname(fd), (void)0);
}

char *rt_wrap_ptsname(int fd)
{
	RESULT_BODY(ptsname, TEXT, rt_real.ptsname(fd), (void)0);
}

char *rt_wrap_l64a(long number)
{
	RESULT_BODY(l64a, TEXT, rt_real.l64a(number), (void)0);
}

char *rt_wrap_ecvt(double x, int digits, int *point, int *sign)
{
	RESULT_BODY(ecvt, TEXT, rt_real.ecvt(x, digits, point, sign), {
		RT_WRITES_VALUE(point);
		RT_WRITES_VALUE(sign);
	});
}

char *rt_wrap_fcvt(double x, int digits, int *point, int *sign)
{
	RESULT_BODY(fcvt, TEXT, rt_real.fcvt(x, digits, point, sign), {
		RT_WRITES_VALUE(point);
		RT_WRITES_VALUE(sign);
	});
}

struct lconv *rt_wrap_localeconv(void)
{
	RESULT_BODY(localeconv, VALUE, rt_real.localeconv(), (void)0);
}

struct mntent *rt_wrap_getmntent(FILE *file)
{
	RESULT_BODY(getmntent, VALUE, rt_real.getmntent(file), (void)0);
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
