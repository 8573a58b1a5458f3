/* Lists of the system's other than its users and groups, by the functions that keep the place in them, or leave results in one
 * place: logins (utmp), shadowed passwords, remote procedures. */
#include "static_result.h"

/* ---- logins: one file, one place in it ---- */

static struct rt_hidden logins = {.name = "the place in the list of logins"};

#define LOGIN_NEXT(name, entry)                                                                              \
	entry *rt_wrap_##name(void)                                                                          \
	{                                                                                                    \
		RT_STATIC_RESULT_BODY(                                                                       \
			name, RT_RESULT_VALUE, rt_real.name(), RT_USES_HIDDEN(logins, RT_WRITE));            \
	}
#define LOGIN_OF(name, entry)                                                                                \
	entry *rt_wrap_##name(const entry *wanted)                                                           \
	{                                                                                                    \
		RT_STATIC_RESULT_BODY(name, RT_RESULT_VALUE, rt_real.name(wanted), {                         \
			RT_READS_VALUE(wanted);                                                              \
			RT_USES_HIDDEN(logins, RT_WRITE);                                                    \
		});                                                                                          \
	}
/* The result is what was given. */
#define LOGIN_PUT(name, entry)                                                                               \
	entry *rt_wrap_##name(const entry *given)                                                            \
	{                                                                                                    \
		RT_TELL(name, {                                                                              \
			RT_READS_VALUE(given);                                                               \
			RT_USES_HIDDEN(logins, RT_WRITE);                                                    \
		});                                                                                          \
		return rt_real.name(given);                                                                  \
	}
#define LOGIN_FILE(name)                                                                                     \
	int rt_wrap_##name(const char *path)                                                                 \
	{                                                                                                    \
		RT_TELL(name, {                                                                              \
			RT_READS_TEXT(path);                                                                 \
			RT_USES_HIDDEN(logins, RT_WRITE);                                                    \
		});                                                                                          \
		return rt_real.name(path);                                                                   \
	}

LOGIN_NEXT(getutent, struct utmp)
LOGIN_NEXT(getutxent, struct utmpx)
LOGIN_OF(getutid, struct utmp)
LOGIN_OF(getutxid, struct utmpx)
LOGIN_OF(getutline, struct utmp)
LOGIN_OF(getutxline, struct utmpx)
LOGIN_PUT(pututline, struct utmp)
LOGIN_PUT(pututxline, struct utmpx)
LOGIN_FILE(utmpname)
LOGIN_FILE(utmpxname)
RT_KEEPS(void, setutent, (void), rt_real.setutent(), logins)
RT_KEEPS(void, setutxent, (void), rt_real.setutxent(), logins)
RT_KEEPS(void, endutent, (void), rt_real.endutent(), logins)
RT_KEEPS(void, endutxent, (void), rt_real.endutxent(), logins)

#define LOGIN_INTO(name, parameters, call, ...)                                                              \
	int rt_wrap_##name parameters                                                                        \
	{                                                                                                    \
		RT_RESULT_BODY(name, call, !result, {                                                        \
			__VA_ARGS__;                                                                         \
			RT_USES_HIDDEN(logins, RT_WRITE);                                                    \
			RT_WRITES_VALUE(to);                                                                 \
			RT_WRITES_VALUE(found);                                                              \
		});                                                                                          \
	}

LOGIN_INTO(getutent_r, (struct utmp * to, struct utmp **found), rt_real.getutent_r(to, found), (void)0)
LOGIN_INTO(getutid_r, (const struct utmp *wanted, struct utmp *to, struct utmp **found),
	rt_real.getutid_r(wanted, to, found), RT_READS_VALUE(wanted))
LOGIN_INTO(getutline_r, (const struct utmp *wanted, struct utmp *to, struct utmp **found),
	rt_real.getutline_r(wanted, to, found), RT_READS_VALUE(wanted))

/* ---- shadowed passwords ---- */

static struct rt_hidden passwords = {.name = "the place in the list of passwords"};

RT_STATIC_BY_NAME(struct spwd *, getspnam, RT_RESULT_VALUE)
RT_STATIC_BY_NAME(struct spwd *, sgetspent, RT_RESULT_VALUE)
RT_STATIC_BY_KEY(struct spwd *, fgetspent, RT_RESULT_VALUE, FILE *)
RT_KEEPS(void, setspent, (void), rt_real.setspent(), passwords)
RT_KEEPS(void, endspent, (void), rt_real.endspent(), passwords)

struct spwd *rt_wrap_getspent(void)
{
	RT_STATIC_RESULT_BODY(
		getspent, RT_RESULT_VALUE, rt_real.getspent(), RT_USES_HIDDEN(passwords, RT_WRITE));
}

/* ---- remote procedures ---- */

RT_STATIC_NEXT(struct rpcent *, getrpcent, RT_RESULT_VALUE)
RT_STATIC_BY_NAME(struct rpcent *, getrpcbyname, RT_RESULT_VALUE)
RT_STATIC_BY_KEY(struct rpcent *, getrpcbynumber, RT_RESULT_VALUE, int)
