#include "process.h"

#include "abroad.h"
#include "access.h"
#include "arena.h"
#include "context.h"
#include "family.h"
#include "counters.h"
#include "finding.h"
#include "follower.h"
#include "losses.h"
#include "memory.h"
#include "proc_maps.h"
#include "module.h"
#include "record.h"
#include "rewritten.h"
#include "sample.h"
#include "standard.h"
#include "sync.h"
#include "thread.h"
#include "text.h"
#include "version.h"

enum { STDERR = 2, PATH_ROOM = 1024, SIGABRT_VALUE = 6, DEFAULT_EXITCODE = 66, FOLDER_BYTES = 4096 };

struct rt_options rt_options;
uint64_t rt_counters[RT_COUNTER_COUNT] RT_AT_FORK;

static struct {
	const char *const *functions;
	uint32_t function_count;
	uint32_t function_generation[RT_PC_FUNCTIONS];
	uint32_t self_generation;
	char options_text[RT_OPTION_STRING_BYTES];
	const char *suppressions; /* NULL: none */
} process;

static RT_AT_FORK struct {
	int pid;
	bool started;
	bool confined; /* rt_confine was called: files must be open before they are needed */
} now;

void rt_name_functions(const char *const *names, uint32_t count)
{
	process.functions = names;
	process.function_count = count;
}

bool rt_process_is_own(void)
{
	return rt_sys_getpid() == now.pid;
}

void rt_count(unsigned counter)
{
	rt_count_add((enum rt_counter)counter, 1);
}

void rt_process_say(const char *text, const char *more)
{
	char line[2 * PATH_ROOM];
	struct rt_text out = rt_text_init(line, sizeof(line));
	rt_text_add(&out, "racetrack: ");
	rt_text_add(&out, text);
	rt_text_add(&out, more);
	rt_text_add(&out, "\n");
	if (rt_standard_is_same(STDERR))
		rt_text_write(&out, STDERR);
}

void rt_check_failed(const char *file, int line, const char *condition)
{
	char text[512];
	struct rt_text out = rt_text_init(text, sizeof(text));
	rt_text_add(&out, "racetrack: broken invariant, please report: ");
	rt_text_add(&out, file);
	rt_text_add(&out, ":");
	rt_text_number(&out, (uint64_t)line);
	rt_text_add(&out, ": ");
	rt_text_add(&out, condition);
	rt_text_add(&out, "\n");
	if (rt_standard_is_same(STDERR))
		rt_text_write(&out, STDERR);
	for (;;) {
		rt_syscall(__NR_tgkill, rt_sys_getpid(), rt_sys_gettid(), SIGABRT_VALUE, 0, 0, 0);
		rt_syscall(__NR_exit_group, 128 + SIGABRT_VALUE, 0, 0, 0, 0, 0);
	}
}

void rt_spin_pause(unsigned *tries)
{
	if (++*tries % 256)
		__builtin_ia32_pause();
	else
		rt_sys_yield();
}

void rt_spin_wait(struct rt_spin *spin)
{
	unsigned tries = 0;
	do {
		while (__atomic_load_n(&spin->held, __ATOMIC_RELAXED))
			rt_spin_pause(&tries);
	} while (__atomic_exchange_n(&spin->held, 1, __ATOMIC_ACQUIRE));
}

/* What callers further up the thread's stack made is there. */
static bool is_above(uintptr_t from, size_t bytes)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	const struct rt_thread *self = rt_self;
	return self && here >= self->stack_low && from >= here && from < self->stack_high &&
	       bytes <= self->stack_high - from;
}

bool rt_safe_read(uintptr_t from, void *to, size_t bytes)
{
	if (!is_above(from, bytes))
		return rt_sys_safe_copy(from, to, bytes);
	rt_bytes_copy(to, (const void *)from, bytes);
	return true;
}

/* ---- records about the process ---- */

void rt_process_record_function(uint32_t function, uint32_t generation)
{
	uint32_t index = function - RT_PC_FIRST_FUNCTION;
	if (index >= process.function_count || process.function_generation[function] == generation)
		return;
	process.function_generation[function] = generation;
	rt_record_begin(RT_RECORD_FUNCTION);
	rt_record_u32(function);
	rt_record_str(process.functions[index]);
	rt_record_commit();
}

static void record_link(const char *path)
{
	char target[PATH_ROOM];
	long bytes = rt_syscall(__NR_readlink, (long)path, (long)target, sizeof(target), 0, 0, 0);
	rt_record_bytes(target, bytes > 0 ? (size_t)bytes : 0);
}

static void record_command_line(void)
{
	static char line[4096]; /* findings' lock */
	long used = 0, descriptor = rt_sys_open("/proc/self/cmdline", RT_O_CLOEXEC, 0);
	if (descriptor >= 0) {
		used = rt_sys_read((int)descriptor, line, sizeof(line));
		rt_sys_close((int)descriptor);
	}
	used = used > 0 ? used - 1 : 0; /* less the last argument's NUL */
	for (long i = 0; i < used; i++)
		line[i] = line[i] ? line[i] : ' ';
	rt_record_bytes(line, (size_t)used);
}

static void record_self(void)
{
	rt_record_begin(RT_RECORD_PROCESS);
	rt_record_u32((uint32_t)now.pid);
	rt_record_u32((uint32_t)rt_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0));
	record_link("/proc/self/exe");
	record_link("/proc/self/cwd");
	record_command_line();
	rt_record_str(process.options_text);
	rt_record_str(RT_VERSION);
	rt_record_commit();
	if (!process.suppressions)
		return;
	rt_record_begin(RT_RECORD_SUPPRESSIONS);
	rt_record_str(process.suppressions);
	rt_record_commit();
}

void rt_process_record_self(uint32_t generation)
{
	if (process.self_generation != generation)
		record_self();
	process.self_generation = generation;
	rt_rewritten_record(generation);
}

/* ---- start ---- */

static void say_option_error(void *context, const char *message)
{
	(void)context;
	rt_process_say(message, "");
}

void rt_default_options(const char *text)
{
	rt_string_copy(process.options_text, sizeof(process.options_text) - 1, text);
}

void rt_program_suppressions(const char *text)
{
	process.suppressions = text;
}

static void copy_suppressions(void)
{
	size_t room = process.suppressions ? rt_string_bytes(process.suppressions, (1 << 16) - 1) + 1 : 0;
	char *copy = room ? rt_alloc(room) : NULL;
	if (copy)
		rt_string_copy(copy, room, process.suppressions);
	process.suppressions = copy;
}

bool rt_process_is_confined(void)
{
	return now.confined;
}

/* The program may change its environment later on. */
static struct folder {
	const char *name;
	char path[FOLDER_BYTES];
} home = {.name = "HOME="}, caches = {.name = "XDG_CACHE_HOME="};

const char *rt_process_home(void)
{
	return home.path;
}

const char *rt_process_caches(void)
{
	return caches.path;
}

const char *rt_process_variable(char **environment, const char *name)
{
	size_t bytes = rt_string_bytes(name, SIZE_MAX);
	while (environment && *environment && !rt_bytes_equal(*environment, name, bytes))
		environment++;
	return environment && *environment ? *environment + bytes : NULL;
}

static void keep_folder(struct folder *folder, char **environment)
{
	const char *path = rt_process_variable(environment, folder->name);
	if (path && rt_string_bytes(path, FOLDER_BYTES) < FOLDER_BYTES)
		rt_string_copy(folder->path, FOLDER_BYTES, path);
}

static void read_options(char **environment)
{
	const char *more = rt_process_variable(environment, "RACETRACK_OPTIONS=");
	rt_options_init(&rt_options);
	size_t given = rt_string_bytes(process.options_text, sizeof(process.options_text));
	if (more && given)
		process.options_text[given++] = ':';
	if (more)
		rt_string_copy(process.options_text + given, sizeof(process.options_text) - given, more);
	rt_options_parse(&rt_options, process.options_text, say_option_error, NULL);
	if (rt_options.help)
		rt_options_say(rt_process_say);
}

/* The report program lies beside the library unless an option says otherwise. */
static void find_report_program(const char *library_path)
{
	static const char name[] = "racetrack-report";
	if (rt_options.report_path[0])
		return;
	size_t folder = rt_string_bytes(library_path, RT_OPTION_STRING_BYTES - sizeof(name));
	while (folder && library_path[folder - 1] != '/')
		folder--;
	rt_bytes_copy(rt_options.report_path, library_path, folder);
	rt_string_copy(rt_options.report_path + folder, RT_OPTION_STRING_BYTES - folder, name);
}

static uint64_t soft_limit(long resource)
{
	uint64_t limit[2] = {UINT64_MAX, UINT64_MAX};
	rt_syscall(__NR_prlimit64, 0, resource, 0, (long)limit, 0, 0);
	return limit[0];
}

/* RLIMIT_AS, or RLIMIT_DATA, which counts what can be written; 0: none. */
static size_t address_space_limit(void)
{
	enum { RLIMIT_DATA_VALUE = 2, RLIMIT_AS_VALUE = 9 };
	uint64_t all = soft_limit(RLIMIT_AS_VALUE), data = soft_limit(RLIMIT_DATA_VALUE);
	uint64_t least = data < all ? data : all;
	return least == UINT64_MAX ? 0 : (size_t)least;
}

bool rt_start(char **environment, const char *library_path)
{
	rt_standard_init();
	read_options(environment);
	rt_sample_init();
	keep_folder(&home, environment);
	keep_folder(&caches, environment);
	find_report_program(library_path);
	size_t address_space = address_space_limit();
	bool directory_only = rt_string_equal(rt_options.shadow, "directory") ||
			      (address_space && !rt_string_equal(rt_options.shadow, "linear"));
	rt_reserve_init(address_space);
	now.pid = rt_sys_getpid();
	now.started = rt_context_init() && rt_sync_init() && rt_access_init(directory_only) &&
		      rt_memory_init(directory_only) && rt_finding_init() && rt_threads_init();
	if (!now.started) {
		rt_reserve_undo();
		rt_process_say("not enough memory to start; the program runs untracked", "");
		return false;
	}
	rt_reserve_open();
	rt_session_init(environment);
	copy_suppressions();
	rt_follower_init();
	rt_record_init(rt_options.record_dir);
	if (rt_options.record_dir[0]) {
		rt_process_record_self(rt_finding_generation());
		if (!rt_record_save(NULL))
			rt_process_say("cannot write records in ", rt_options.record_dir);
	}
	struct rt_thread *self = rt_session_is_on() ? rt_enter() : NULL;
	if (self) {
		rt_family_begin(self);
		rt_leave(self);
	}
	if (rt_options.verbosity > 1)
		rt_process_say("shadow memory: ", rt_cells.linear ? "linear" : "directory");
	return true;
}

/* ---- end ---- */

int rt_end_status(void)
{
	return rt_options.exitcode ? (int)rt_options.exitcode : DEFAULT_EXITCODE;
}

void rt_process_found(struct rt_thread *self)
{
	if (!rt_options.halt_on_error)
		return;
	rt_leave(self);
	rt_end(RT_END_ABORT, 0);
	rt_syscall(__NR_exit_group, rt_end_status(), 0, 0, 0, 0, 0);
}

static void record_end(enum rt_end how, int status)
{
	rt_finding_lock();
	rt_process_record_self(rt_finding_generation());
	rt_losses_record();
	rt_record_begin(RT_RECORD_END);
	rt_record_u8((uint8_t)how);
	rt_record_u32((uint32_t)status);
	rt_record_commit();
	struct rt_record_file *file = rt_record_header();
	if (file) {
		__atomic_store_n(&file->reported, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&file->state, RT_FILE_ENDING, __ATOMIC_RELEASE);
	}
	if (rt_options.record_dir[0] && !rt_record_save(NULL) && rt_finding_count())
		rt_process_say("cannot write records in ", rt_options.record_dir);
	rt_finding_unlock();
}

int rt_end(enum rt_end how, int status)
{
	struct rt_thread *self = now.started ? rt_enter() : NULL;
	if (!self)
		return status;
	rt_family_end(self, how == RT_END_EXEC);
	if (!rt_process_is_own()) {
		rt_leave(self);
		return status;
	}
	if (how == RT_END_EXIT && rt_threads_alone())
		rt_abroad_leave(self);
	uint64_t found = rt_finding_errors();
	if (found && !status && rt_options.exitcode && how == RT_END_EXIT)
		status = (int)rt_options.exitcode;
	if (rt_finding_count() || rt_options.record_dir[0])
		record_end(how, status);
	rt_threads_count();
	rt_leave(self);
	rt_follower_wait();
	if (!rt_finding_count())
		rt_losses_say();
	if (rt_options.verbosity) {
		char line[128];
		struct rt_text text = rt_text_init(line, sizeof(line));
		rt_text_number(&text, found);
		rt_text_add(&text, " findings, ");
		rt_text_number(&text, rt_counters[RT_COUNTER_ACCESSES]);
		rt_text_add(&text, " accesses checked, ");
		rt_text_number(&text, rt_counters[RT_COUNTER_THREADS]);
		rt_text_add(&text, " threads");
		rt_process_say(line, "");
	}
	if (how != RT_END_EXEC)
		rt_session_leave();
	return status;
}

void rt_end_undo(void)
{
	struct rt_record_file *file = rt_record_header();
	if (now.started && file && rt_sys_getpid() == now.pid)
		__atomic_store_n(&file->state, RT_FILE_RUNNING, __ATOMIC_RELEASE);
}

/* ---- what may not be had later ---- */

static void keep_open(void)
{
	rt_proc_maps_prepare();
	rt_record_publish();
}

void rt_confine(void)
{
	struct rt_thread *self = now.started ? rt_enter() : NULL;
	if (!self)
		return;
	rt_finding_lock();
	now.confined = true;
	keep_open();
	rt_finding_unlock();
	rt_leave(self);
}

/* ---- fork ---- */

static RT_AT_FORK struct rt_thread *forking; /* the fork gate lets in one thread at a time */

void rt_fork_prepare(void)
{
	struct rt_thread *self = now.started ? rt_enter() : NULL;
	if (!self)
		return;
	rt_threads_stop(self);
	rt_family_forking(self);
	forking = self;
}

void rt_fork_parent(void)
{
	struct rt_thread *self = forking;
	if (!self || self != rt_self)
		return;
	forking = NULL;
	rt_threads_resume();
	rt_leave(self);
}

void rt_fork_child(void)
{
	struct rt_thread *self = forking;
	if (!self || self != rt_self)
		return;
	forking = NULL;
	now.pid = rt_sys_getpid();
	rt_threads_forked(self);
	rt_family_forked(self);
	uint64_t hooked = rt_counters[RT_COUNTER_HOOKED_MODULES];
	rt_bytes_zero(rt_counters, sizeof(rt_counters));
	rt_counters[RT_COUNTER_HOOKED_MODULES] = hooked;
	rt_count(RT_COUNTER_THREADS);
	rt_finding_forked();
	rt_follower_forked();
	rt_record_forked();
	if (now.confined)
		keep_open();
	rt_leave(self);
}
