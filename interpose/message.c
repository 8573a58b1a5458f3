/* Messages with a format: to standard error, or to the system's log. */
#include "format.h"
#include "format_text.h"
#include "result.h"

#define TELLS(name) RT_TELL(name, if (format) rt_format_tell(self, &site, format, arguments))

#define GIVEN_BODY(name, call)                                                                               \
	TELLS(name);                                                                                         \
	call

#define ARGUMENTS_BODY(name, call)                                                                           \
	RT_WITH_ARGUMENTS(format, {                                                                          \
		TELLS(name);                                                                                 \
		call;                                                                                        \
	})

/* ---- with errno or without ---- */

void rt_wrap_warn(const char *format, ...)
{
	ARGUMENTS_BODY(warn, rt_real.vwarn(format, arguments));
}

void rt_wrap_warnx(const char *format, ...)
{
	ARGUMENTS_BODY(warnx, rt_real.vwarnx(format, arguments));
}

void rt_wrap_vwarn(const char *format, va_list arguments)
{
	GIVEN_BODY(vwarn, rt_real.vwarn(format, arguments));
}

void rt_wrap_vwarnx(const char *format, va_list arguments)
{
	GIVEN_BODY(vwarnx, rt_real.vwarnx(format, arguments));
}

/* ---- which end the process ---- */

void rt_wrap_err(int status, const char *format, ...)
{
	ARGUMENTS_BODY(err, rt_real.verr(status, format, arguments));
	__builtin_unreachable();
}

void rt_wrap_errx(int status, const char *format, ...)
{
	ARGUMENTS_BODY(errx, rt_real.verrx(status, format, arguments));
	__builtin_unreachable();
}

void rt_wrap_verr(int status, const char *format, va_list arguments)
{
	GIVEN_BODY(verr, rt_real.verr(status, format, arguments));
	__builtin_unreachable();
}

void rt_wrap_verrx(int status, const char *format, va_list arguments)
{
	GIVEN_BODY(verrx, rt_real.verrx(status, format, arguments));
	__builtin_unreachable();
}

/* ---- to the log ---- */

void rt_wrap_syslog(int priority, const char *format, ...)
{
	ARGUMENTS_BODY(syslog, rt_real.vsyslog(priority, format, arguments));
}

void rt_wrap_vsyslog(int priority, const char *format, va_list arguments)
{
	GIVEN_BODY(vsyslog, rt_real.vsyslog(priority, format, arguments));
}

void rt_wrap___syslog_chk(int priority, int flag, const char *format, ...)
{
	ARGUMENTS_BODY(__syslog_chk, rt_real.__vsyslog_chk(priority, flag, format, arguments));
}

void rt_wrap___vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
	GIVEN_BODY(__vsyslog_chk, rt_real.__vsyslog_chk(priority, flag, format, arguments));
}
