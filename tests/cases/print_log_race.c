// cflags: -fno-builtin
// Messages with a format to the system's log.
#define _GNU_SOURCE
#include <stdarg.h>
#include <syslog.h>
#include "steps.h"

void __syslog_chk(int priority, int flag, const char *format, ...);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

/* Each by a list of arguments. */
#define LISTED(name, ...)                                                                                    \
	static void by_##name(const char *format, ...)                                                       \
	{                                                                                                    \
		va_list arguments;                                                                           \
		va_start(arguments, format);                                                                 \
		name(__VA_ARGS__);                                                                           \
		va_end(arguments);                                                                           \
	}

LISTED(vsyslog, LOG_DEBUG, format, arguments)          // race: race-data VSYSLOG
LISTED(__vsyslog_chk, LOG_DEBUG, 1, format, arguments) // race: race-data VSYSLOG_CHK

static void steps(void)
{
	SPARES(VOID(syslog(LOG_DEBUG, "%.3s", A)), A + 3);
	READS(VOID(syslog(LOG_DEBUG, "%s", A)), A + 8);               // race: race-data
	READS(VOID(__syslog_chk(LOG_DEBUG, 1, "%s", A)), A);          // race: race-data
	STEP(VOID(by_vsyslog("%s", A)), racetrack_write(A, 1));       // race: race-data VSYSLOG
	STEP(VOID(by___vsyslog_chk("%s", A)), racetrack_write(A, 1)); // race: race-data VSYSLOG_CHK
}

int main(void)
{
	steps_run();
	return 0;
}
