#include "process.h"

#include "abroad.h"
#include "access.h"
#include "arena.h"
#include "context.h"
#include "counters.h"
#include "environment.h"
#include "family.h"
#include "finding.h"
#include "follower.h"
#include "losses.h"
#include "memory.h"
#include "proc_maps.h"
#include "module.h"
#include "output.h"
#include "process_record.h"
#include "record.h"
#include "sample.h"
#include "standard.h"
#include "sync.h"
#include "thread.h"
#include "text.h"

enum { STDERR = 2, PATH_ROOM = 1024, SIGABRT_VALUE = 6, DEFAULT_EXITCODE = 66 };

struct rt_options rt_options;
uint64_t rt_counters[RT_COUNTER_COUNT] RT_AT_FORK;

static RT_AT_FORK struct {
	int pid;
	bool started;
	bool confined; /* rt_confine was called: files must be open before they are needed */
} now;

int rt_process_id(void)
{
	return now.pid;
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

/* ---- start ---- */

bool rt_process_is_confined(void)
{
	return now.confined;
}

/* From here on as without the option. */
static void give_up_records(void)
{
	rt_output_failed("record_dir", rt_options.record_dir, rt_record_error(), "no records are kept");
	rt_options.record_dir[0] = 0;
	rt_record_init(rt_options.record_dir);
}

bool rt_start(char **environment, const char *library_path)
{
	rt_standard_init();
	rt_environment_read(environment, library_path);
	rt_sample_init();
	size_t address_space = rt_environment_address_space();
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
	rt_process_record_keep();
	rt_output_check();
	rt_follower_init();
	rt_record_init(rt_options.record_dir);
	if (rt_options.record_dir[0]) {
		rt_process_record_self(rt_finding_generation());
		if (!rt_record_save(NULL))
			give_up_records();
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

void rt_process_record_now(void)
{
	if (!rt_options.record_dir[0])
		return;
	rt_finding_lock();
	rt_process_record_self(rt_finding_generation());
	rt_record_save(NULL); /* that it failed would have been said at the start */
	rt_finding_unlock();
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
		rt_output_failed(
			"record_dir", rt_options.record_dir, rt_record_error(), "its record is not complete");
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
	rt_losses_forked();
	if (now.confined)
		keep_open();
	rt_leave(self);
}
