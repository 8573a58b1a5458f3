#include "reporter.h"

#include "child.h"
#include "hidden.h"
#include "process.h"
#include "sys.h"

enum { SECONDS_MOST = 10, RLIMIT_CPU_VALUE = 0 };

static long child;
static bool forbidden;

void rt_reporter_forbid(void)
{
	forbidden = true;
}

static int make_answer(void *unused)
{
	enum { MFD_CLOEXEC_VALUE = 1 };
	(void)unused;
	return (int)rt_syscall(__NR_memfd_create, (long)"racetrack", MFD_CLOEXEC_VALUE, 0, 0, 0, 0);
}

/* What it writes goes to the answer, and nothing of the program's is open in it. */
static _Noreturn void run(const char *const *arguments, int answer)
{
	static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", NULL};
	const uint64_t limit[2] = {SECONDS_MOST, SECONDS_MOST};
	rt_syscall(__NR_setsid, 0, 0, 0, 0, 0, 0);
	rt_sys_signal_mask(RT_SIG_SETMASK, 0, NULL);
	rt_syscall(__NR_prlimit64, 0, RLIMIT_CPU_VALUE, (long)limit, 0, 0, 0);
	int kept = (int)rt_syscall(__NR_dup, answer, 0, 0, 0, 0, 0); /* not one of those to be replaced */
	int null = (int)rt_sys_open("/dev/null", RT_O_RDWR, 0);
	rt_syscall(__NR_dup2, null, 0, 0, 0, 0, 0);
	rt_syscall(__NR_dup2, kept, 1, 0, 0, 0, 0);
	rt_syscall(__NR_dup2, null, 2, 0, 0, 0, 0);
	rt_child_close_from(3);
	rt_syscall(__NR_execve, (long)rt_options.report_path, (long)arguments, (long)environment, 0, 0, 0);
	rt_child_end(127);
}

/* Between the two: a process that has run an exec would be found by the program's wait(). */
static _Noreturn void stand_between(const char *const *arguments, int answer)
{
	rt_sys_signal_mask(RT_SIG_SETMASK, UINT64_MAX, NULL);
	long reporter = rt_child_start();
	if (!reporter)
		run(arguments, answer);
	rt_child_close_from(0);
	if (!rt_sys_failed(reporter))
		rt_child_wait(reporter);
	rt_child_end(0);
}

bool rt_reporter_ask(const char *const *arguments)
{
	if (forbidden || !rt_hidden_open(RT_HIDDEN_ANSWER, make_answer, NULL))
		return false;
	int answer = rt_hidden_get(RT_HIDDEN_ANSWER);
	child = rt_child_start();
	if (!child)
		stand_between(arguments, answer);
	if (rt_sys_failed(child))
		rt_hidden_drop(RT_HIDDEN_ANSWER);
	return !rt_sys_failed(child);
}

char *rt_reporter_answer(size_t *bytes)
{
	enum { SEEK_TO_END = 2 };
	rt_child_wait(child);
	int answer = rt_hidden_get(RT_HIDDEN_ANSWER);
	long size = answer < 0 ? 0 : rt_syscall(__NR_lseek, answer, 0, SEEK_TO_END, 0, 0, 0);
	*bytes = rt_sys_failed(size) ? 0 : (size_t)size;
	char *text =
		*bytes ? rt_sys_mmap(NULL, *bytes, RT_PROT_READ | RT_PROT_WRITE, RT_MAP_PRIVATE, answer, 0)
		       : NULL;
	rt_hidden_drop(RT_HIDDEN_ANSWER);
	return text;
}
