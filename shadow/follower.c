#include "follower.h"

#include "child.h"
#include "hidden.h"
#include "output.h"
#include "process.h"
#include "record.h"
#include "standard.h"
#include "text.h"

enum {
	PATH_ROOM = 1200,
	ARGUMENTS_MOST = 20,
	RECORD_DESCRIPTOR = 3,
	WAIT_SLICE_NS = 50 * 1000 * 1000,
	WAIT_SLICES = 200, /* ten seconds */
	ASK_SLICES = 40,   /* two */
	SIG_SETMASK_VALUE = 2,
};

#define DEFAULT_NAME "racetrack-report"

/* Values of rt_record_file.follower besides 0, none, and 1, which the follower sets itself. */
enum { FOLLOWER_RUNS = 1, FOLLOWER_FAILED = 2 };

static char start_folder[PATH_ROOM / 2];
static RT_AT_FORK bool started;

void rt_follower_init(void)
{
	if (rt_sys_failed(rt_syscall(__NR_getcwd, (long)start_folder, sizeof(start_folder), 0, 0, 0, 0)))
		rt_string_copy(start_folder, sizeof(start_folder), "/tmp");
}

void rt_follower_forked(void)
{
	started = false;
}

/* log_path.PID + suffix, or in the folder the process started in. */
static void own_path(struct rt_text *text, const char *name, const char *suffix)
{
	if (name[0] != '/') {
		rt_text_add(text, start_folder);
		rt_text_add(text, "/");
	}
	rt_text_add(text, name);
	rt_text_add(text, ".");
	rt_text_number(text, (uint64_t)rt_sys_getpid());
	rt_text_add(text, suffix);
}

struct command {
	const char *arguments[ARGUMENTS_MOST];
	unsigned count;
	int text_descriptor;
	char text_path[PATH_ROOM], html_path[PATH_ROOM], record_path[PATH_ROOM];
};

static void add_argument(struct command *command, const char *argument)
{
	if (command->count + 1 < ARGUMENTS_MOST)
		command->arguments[command->count++] = argument;
}

static void add_option(struct command *command, const char *name, const char *value)
{
	if (!*value)
		return;
	add_argument(command, name);
	add_argument(command, value);
}

/* The text goes to a file where the user wants it, or where the descriptor is not what it was. */
static void make_command(struct command *command)
{
	const char *log = rt_options.log_path;
	bool to_stdout = rt_string_equal(log, "stdout"),
	     to_file = !to_stdout && !rt_string_equal(log, "stderr");
	int descriptor = to_stdout ? 1 : 2;
	bool is_same = rt_standard_is_same(descriptor);
	add_argument(command, "racetrack-report");
	add_option(command, "--follow", command->record_path);
	command->text_descriptor = is_same ? descriptor : -1;
	if (to_file || !is_same) {
		struct rt_text text = rt_text_init(command->text_path, PATH_ROOM);
		own_path(&text, to_file ? log : DEFAULT_NAME, to_file ? "" : ".txt");
		add_option(command, "--text", command->text_path);
	} else {
		add_option(command, "--text-fd", to_stdout ? "1" : "2");
	}
	if (rt_options.html) {
		struct rt_text text = rt_text_init(command->html_path, PATH_ROOM);
		own_path(&text, to_file ? log : DEFAULT_NAME, ".html");
		add_option(command, "--html", command->html_path);
	}
	add_option(command, "--suppressions", rt_options.suppressions);
	add_option(command, "--strip-path-prefix", rt_options.strip_path_prefix);
}

static void raise_descriptor_limit(void)
{
	enum { RLIMIT_NOFILE_VALUE = 7 };
	uint64_t limit[2];
	if (rt_sys_failed(rt_syscall(__NR_prlimit64, 0, RLIMIT_NOFILE_VALUE, 0, (long)limit, 0, 0)))
		return;
	limit[0] = limit[1];
	rt_syscall(__NR_prlimit64, 0, RLIMIT_NOFILE_VALUE, (long)limit, 0, 0, 0);
}

/* Orphans come to this process: it is the first of its namespace, or wants them. */
static bool adopts_orphans(void)
{
	enum { PR_GET_CHILD_SUBREAPER_VALUE = 37 };
	int is_subreaper = 0;
	rt_syscall(__NR_prctl, PR_GET_CHILD_SUBREAPER_VALUE, (long)&is_subreaper, 0, 0, 0, 0);
	return is_subreaper || rt_sys_getpid() == 1;
}

/* In the child of a process that adopts orphans: once its exec is done, a follower without a parent would be found by the
 * process's wait(). A child that never execs is not. */
static _Noreturn void stay_as_parent(long follower)
{
	uint64_t all_signals = UINT64_MAX;
	rt_syscall(__NR_rt_sigprocmask, SIG_SETMASK_VALUE, (long)&all_signals, 0, sizeof(all_signals), 0, 0);
	rt_syscall(__NR_setsid, 0, 0, 0, 0, 0, 0);
	rt_child_close_from(0);
	rt_child_wait(follower);
	rt_child_end(0);
}

/* In the grandchild: only the record and the text's descriptor stay open, signals are as in a fresh process. */
static _Noreturn void run_follower(struct command *command, int record_descriptor)
{
	static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", NULL};
	struct rt_record_file *file = rt_record_header();
	uint64_t no_signals = 0;
	file->reserved = (uint64_t)rt_sys_getpid();
	rt_syscall(__NR_setsid, 0, 0, 0, 0, 0, 0);
	rt_syscall(__NR_rt_sigprocmask, SIG_SETMASK_VALUE, (long)&no_signals, 0, sizeof(no_signals), 0, 0);
	raise_descriptor_limit();
	if (record_descriptor >= 0) {
		if (record_descriptor ==
			RECORD_DESCRIPTOR) /* dup3 of a number to itself fails; it must lose CLOEXEC */
			record_descriptor = (int)rt_syscall(__NR_dup, record_descriptor, 0, 0, 0, 0, 0);
		rt_syscall(__NR_dup3, record_descriptor, RECORD_DESCRIPTOR, 0, 0, 0, 0);
	}
	int null = (int)rt_sys_open("/dev/null", RT_O_RDWR, 0);
	for (int low = 0; low < RECORD_DESCRIPTOR && null >= 0; low++)
		if (low != command->text_descriptor)
			rt_syscall(__NR_dup2, null, low, 0, 0, 0, 0);
	rt_child_close_from(RECORD_DESCRIPTOR + 1);
	rt_syscall(__NR_execve, (long)rt_options.report_path, (long)command->arguments, (long)environment, 0,
		0, 0);
	file->follower = FOLLOWER_FAILED;
	rt_child_end(127);
}

static void start(bool is_public, struct rt_record_file *file)
{
	static struct command command; /* under the findings' lock; too large for a stack that may be small */
	rt_bytes_zero(&command, sizeof(command));
	int record_descriptor = rt_hidden_get(RT_HIDDEN_RECORD);
	rt_string_copy(command.record_path, PATH_ROOM,
		record_descriptor >= 0 ? "/proc/self/fd/3" : rt_record_path());
	if (!is_public || !command.record_path[0]) {
		file->follower = FOLLOWER_FAILED;
		return;
	}
	make_command(&command);
	bool stays = adopts_orphans();
	/* The child's own child goes to init. */
	long child = rt_child_start();
	if (child == 0) {
		/* The paths hold the parent's pid; made above, before the clone. */
		long follower = rt_child_start();
		if (follower == 0)
			run_follower(&command, record_descriptor);
		if (rt_sys_failed(follower))
			file->follower = FOLLOWER_FAILED;
		else if (stays)
			stay_as_parent(follower);
		rt_child_end(0);
	}
	if (rt_sys_failed(child))
		file->follower = FOLLOWER_FAILED;
	else if (!stays)
		rt_child_wait(child);
}

void rt_follower_start(void)
{
	if (started)
		return;
	started = true;
	bool is_public = rt_record_publish();
	struct rt_record_file *file = rt_record_header();
	if (rt_options.report && file)
		start(is_public, file);
	rt_record_close();
}

static bool follower_lives(const struct rt_record_file *file)
{
	if (__atomic_load_n(&file->follower, __ATOMIC_ACQUIRE) == FOLLOWER_FAILED)
		return false;
	long pid = (long)file->reserved;
	return !pid || rt_syscall(__NR_kill, pid, 0, 0, 0, 0, 0) != -RT_ESRCH;
}

bool rt_follower_is_on_stderr(void)
{
	enum { STDERR = 2 };
	struct rt_record_file *file = rt_record_header();
	return started && file && rt_options.report && rt_string_equal(rt_options.log_path, "stderr") &&
	       rt_standard_is_same(STDERR) && follower_lives(file);
}

/* Without a follower the findings must not go down with the process. */
static void keep_record(void)
{
	char path[PATH_ROOM];
	if (rt_record_path()[0]) {
		rt_process_say("racetrack-report could not be started; run it on ", rt_record_path());
		return;
	}
	struct rt_text text = rt_text_init(path, sizeof(path));
	own_path(&text, DEFAULT_NAME, RT_RECORD_SUFFIX);
	if (rt_record_save(path)) {
		rt_process_say("racetrack-report could not be started; run it on ", path);
		return;
	}
	char line[PATH_ROOM + 128];
	text = rt_text_init(line, sizeof(line));
	rt_text_add(&text,
		"findings were lost: racetrack-report could not be started, and no record be written at ");
	rt_text_add(&text, path);
	rt_text_add(&text, ": ");
	rt_process_say(line, rt_error_text(rt_record_error()));
}

/* True when all was reported in time. */
static bool await_report(struct rt_record_file *file, int slices)
{
	struct {
		int64_t seconds, nanoseconds;
	} slice = {0, WAIT_SLICE_NS};
	for (int i = 0; i < slices && follower_lives(file); i++) {
		if (__atomic_load_n(&file->reported, __ATOMIC_ACQUIRE))
			return true;
		rt_syscall(__NR_futex, (long)&file->reported, FUTEX_WAIT, 0, (long)&slice, 0, 0);
	}
	return __atomic_load_n(&file->reported, __ATOMIC_ACQUIRE);
}

/* A follower that could not keep up, as when nobody reads what it writes, is not asked again. */
void rt_follower_ask(void)
{
	static bool too_slow;
	struct rt_record_file *file = rt_record_header();
	if (!started || !file || !rt_options.report || too_slow)
		return;
	__atomic_store_n(&file->reported, 0, __ATOMIC_RELAXED);
	__atomic_fetch_add(&file->asked, 1, __ATOMIC_RELEASE);
	if (!await_report(file, ASK_SLICES))
		too_slow = true;
	__atomic_fetch_sub(&file->asked, 1, __ATOMIC_RELAXED);
}

void rt_follower_wait(void)
{
	struct rt_record_file *file = rt_record_header();
	if (started && file && rt_options.report && !await_report(file, WAIT_SLICES))
		keep_record();
}
