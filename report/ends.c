/* See ends.h. */
#include "ends.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"

enum { NS = 1000000000, SIGNAL_STATUS = 128, MOST_STATUS = 255 };

/* Of clocks that were set meanwhile. */
enum { SLACK_NS = NS };

/* ---- does it run? ---- */

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now = {0};
	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS + (uint64_t)now.tv_nsec;
}

/* When the process of that number started, since 1970. False: there is none, or it is no more than an entry that waits for
 * its parent. */
static bool find_start(uint32_t pid, uint64_t *start_ns)
{
	FILE *file = fopen(report_arena_format("/proc/%" PRIu32 "/stat", pid), "re");
	char line[1024] = "", state = 0;
	unsigned long long ticks = 0;
	if (!file)
		return false;
	size_t bytes = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[bytes] = 0;
	/* the name in parentheses may hold anything */
	const char *fields = strrchr(line, ')');
	if (!fields ||
		sscanf(fields,
			") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
			&state, &ticks) != 2 ||
		strchr("ZXx", state))
		return false;
	*start_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME) +
		    ticks * (NS / (uint64_t)sysconf(_SC_CLK_TCK));
	return true;
}

/* The file may be removed by now; of another user's process it is not told. */
static bool runs_executable(uint32_t pid, const char *executable)
{
	static const char removed[] = " (deleted)";
	char path[4096 + sizeof(removed)];
	ssize_t bytes = readlink(report_arena_format("/proc/%" PRIu32 "/exe", pid), path, sizeof(path) - 1);
	if (bytes < 0)
		return errno == EACCES || errno == EPERM;
	path[bytes] = 0;
	size_t same = strlen(executable);
	return !strncmp(path, executable, same) && (!path[same] || !strcmp(path + same, removed));
}

static bool said_end(const struct report_process *process)
{
	/* an exec that failed: the process went on */
	bool undone = process->end_how == RT_END_EXEC && process->state == RT_FILE_RUNNING;
	return process->ended && !undone;
}

/* The number may be another process's by now, or have been one on another machine. */
void report_end_look(struct report_process *process)
{
	uint64_t start_ns;
	process->runs = !said_end(process) && process->state == RT_FILE_RUNNING &&
			find_start(process->pid, &start_ns) && start_ns <= process->start_ns + SLACK_NS &&
			runs_executable(process->pid, process->executable);
}

/* ---- what others saw ---- */

bool report_end_tell(const struct report *report, const char *text)
{
	uint32_t pid, status;
	int read = 0;
	if (sscanf(text, "%" SCNu32 "=%" SCNu32 "%n", &pid, &status, &read) != 2 || text[read] ||
		status > MOST_STATUS)
		return false;
	for (size_t i = report->process_count; i-- > 0;) {
		struct report_process *process = report->processes[i];
		if (process->pid != pid)
			continue;
		process->waited_for = true;
		process->waited_status = status;
		process->runs = false;
		break;
	}
	return true;
}

enum report_end report_end_of(const struct report_process *process)
{
	if (said_end(process))
		return (enum report_end)process->end_how;
	if (process->waited_for)
		return process->waited_status > SIGNAL_STATUS ? REPORT_END_SIGNAL : REPORT_END_EXIT;
	return process->runs ? REPORT_END_NOT_YET : REPORT_END_UNKNOWN;
}
_Static_assert((int)RT_END_EXIT == REPORT_END_EXIT && (int)RT_END_EXEC == REPORT_END_EXEC &&
		       (int)RT_END_ABORT == REPORT_END_ABORT,
	"what a process says of its own end");

/* ---- words ---- */

const char *report_end_name(enum report_end end)
{
	static const char *const names[] = {"exit", "exec", "abort", "signal", "unknown", NULL};
	return names[end];
}

bool report_end_status(const struct report_process *process, uint32_t *status)
{
	*status = said_end(process) ? process->end_status : process->waited_status;
	return said_end(process) || process->waited_for;
}

const char *report_end_signal(const struct report_process *process)
{
	int number = (int)process->waited_status - SIGNAL_STATUS;
	const char *name = sigabbrev_np(number);
	return name ? report_arena_format("SIG%s", name) : report_arena_format("signal %d", number);
}

const char *report_end_words(const struct report_process *process)
{
	uint32_t status;
	report_end_status(process, &status);
	switch (report_end_of(process)) {
	case REPORT_END_EXIT:
		return report_arena_format("exited with status %" PRIu32, status);
	case REPORT_END_EXEC:
		return "became another program (exec)";
	case REPORT_END_ABORT:
		return report_arena_format("aborted, status %" PRIu32, status);
	case REPORT_END_SIGNAL:
		return report_arena_format("ended by %s", report_end_signal(process));
	case REPORT_END_NOT_YET:
		return "running";
	default:
		return process->state == RT_FILE_RUNNING
			       ? "ended without saying so (killed, or by a system call of its own)"
			       : "ended";
	}
}
