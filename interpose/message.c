/* Messages with a format to the system's log. Not err, warn and their like: a library that has functions of its own by these short
 * names would get the C library's in their place. */
#include "format.h"
#include "format_text.h"
#include "wrap.h"

#define TELLS(name) RT_TELL(name, if (format) rt_format_tell(self, &site, format, arguments))

#define GIVEN_BODY(name, call)                                                                               \
	TELLS(name);                                                                                         \
	call

#define ARGUMENTS_BODY(name, call)                                                                           \
	RT_WITH_ARGUMENTS(format, {                                                                          \
		TELLS(name);                                                                                 \
		call;                                                                                        \
	})

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
