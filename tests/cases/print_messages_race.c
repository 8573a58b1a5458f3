// cflags: -fno-builtin
// Messages with a format: to standard error, to the log, and before the process ends.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>
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

LISTED(vwarn, format, arguments)                       // race: race-data VWARN
LISTED(vwarnx, format, arguments)                      // race: race-data VWARNX
LISTED(vsyslog, LOG_DEBUG, format, arguments)          // race: race-data VSYSLOG
LISTED(__vsyslog_chk, LOG_DEBUG, 1, format, arguments) // race: race-data VSYSLOG_CHK

static void steps(void)
{
	READS(VOID(warn("%s", A)), A);      // race: race-data
	READS(VOID(warnx("%s", A)), A + 8); // race: race-data
	SPARES(VOID(warnx("%.3s", A)), A + 3);
	READS(VOID(syslog(LOG_DEBUG, "%s", A)), A);                   // race: race-data
	READS(VOID(__syslog_chk(LOG_DEBUG, 1, "%s", A)), A);          // race: race-data
	STEP(VOID(by_vwarn("%s", A)), racetrack_write(A, 1));         // race: race-data VWARN
	STEP(VOID(by_vwarnx("%s", A)), racetrack_write(A, 1));        // race: race-data VWARNX
	STEP(VOID(by_vsyslog("%s", A)), racetrack_write(A, 1));       // race: race-data VSYSLOG
	STEP(VOID(by___vsyslog_chk("%s", A)), racetrack_write(A, 1)); // race: race-data VSYSLOG_CHK
}

LISTED(verr, 3, format, arguments)
LISTED(verrx, 4, format, arguments)

/* Those that end the process, in a child each: the status is the one given. */
static int status_of(int which)
{
	int status;
	pid_t child = fork();
	MUST(child >= 0);
	if (!child && which == 1)
		err(1, "%s", "err");
	if (!child && which == 2)
		errx(2, "%s", "errx");
	if (!child && which == 3)
		by_verr("%s", "verr");
	if (!child)
		by_verrx("%s", "verrx");
	MUST(waitpid(child, &status, 0) == child);
	return WEXITSTATUS(status);
}

int main(void)
{
	int kept = dup(2);
	dup2(open("/dev/null", O_WRONLY), 2);
	steps_run();
	for (int which = 1; which <= 4; which++)
		MUST(status_of(which) == which);
	dup2(kept, 2);
	return 0;
}
