/* Questions of the program about the finding that it is being told of, and about addresses. And the barrier of
 * ThreadSanitizer's own tests.
 *
 * Meaning: compiler-rt/lib/tsan/rtl/tsan_debugging.cpp. Threads are numbered as there: the main thread is 0. Frames of the
 * library's own are left out of stacks: a trace has the return addresses of the program's code, innermost first. */
#include "callbacks.h"
#include "hooks.h"
#include "shadow/access.h"
#include "shadow/finding.h"
#include "shadow/sync.h"
#include "shadow/sys.h"
#include "shadow/thread.h"

enum { THREADS_SHOWN = 2 * RT_FOUND_SIDES };

void *__tsan_get_current_report(void)
{
	return (void *)rt_callbacks_current();
}

/* ---- stacks and threads ---- */

struct trace {
	void **to;
	unsigned long room, used;
};

static void add_frame(void *argument, uint64_t pc)
{
	struct trace *trace = argument;
	if (pc >= RT_PC_FUNCTIONS && trace->used < trace->room)
		trace->to[trace->used++] = (void *)(uintptr_t)pc;
}

/* Ends with a NULL where there is room for one. Returns how many frames there are. */
static unsigned long copy_trace(void **to, unsigned long room, rt_ctx_t context)
{
	struct trace trace = {to, to ? room : 0, 0};
	if (context)
		rt_context_frames(context, add_frame, &trace);
	if (trace.used < trace.room)
		trace.to[trace.used] = NULL;
	return trace.used;
}

static int number_of(uint32_t thread)
{
	return (int)thread - 1;
}

/* The threads of the sides and of the location, each once. */
static int list_threads(const struct rt_found *found, uint32_t threads[THREADS_SHOWN])
{
	int count = 0;
	for (uint32_t i = 0; i < found->count + 1; i++) {
		uint32_t thread = i < found->count ? found->sides[i].thread : found->location.thread;
		bool known = !thread;
		for (int j = 0; j < count; j++)
			known |= threads[j] == thread;
		if (!known)
			threads[count++] = thread;
	}
	return count;
}

/* Mutexes that a side held, by the number of the set's element. */
static uint32_t mutex_at(const struct rt_found *found, unsigned long index)
{
	for (uint32_t i = 0; i < found->count; i++) {
		uint32_t set = found->sides[i].context ? rt_context_lockset(found->sides[i].context) : 0;
		for (; set; set = rt_locksets.nodes[set].parent)
			if (!index--)
				return (uint32_t)(rt_locksets.nodes[set].key >> 1);
	}
	return 0;
}

static int count_mutexes(const struct rt_found *found)
{
	int count = 0;
	while (mutex_at(found, (unsigned long)count))
		count++;
	return count;
}

static const char *location_type(enum rt_location kind)
{
	static const char *const types[] = {
		[RT_LOCATION_UNKNOWN] = "global", /* what is neither of the others lies in a module */
		[RT_LOCATION_HEAP] = "heap",
		[RT_LOCATION_STACK] = "stack",
		[RT_LOCATION_GLOBAL] = "global",
		[RT_LOCATION_MAPPING] = "heap",
		[RT_LOCATION_DESCRIPTOR] = "fd",
		[RT_LOCATION_SHARED] = "heap",
		[RT_LOCATION_THREAD_LOCAL] = "tls",
	};
	return types[kind];
}

/* ---- the report ---- */

int __tsan_get_report_data(void *report, const char **description, int *count, int *stack_count,
	int *mop_count, int *loc_count, int *mutex_count, int *thread_count, int *unique_tid_count,
	void **sleep_trace, unsigned long trace_size)
{
	const struct rt_found *found = report;
	uint32_t threads[THREADS_SHOWN];
	bool freed =
		rt_string_equal(found->rule, "race-free") || rt_string_equal(found->rule, "use-after-free");
	*description = freed ? "heap-use-after-free" : "data-race";
	*count = 0; /* how often it was suppressed */
	*stack_count = 0;
	*mop_count = (int)found->count;
	*loc_count = 1;
	*mutex_count = count_mutexes(found);
	*thread_count = list_threads(found, threads);
	*unique_tid_count = 0;
	copy_trace(sleep_trace, trace_size, 0);
	return 1;
}

int __tsan_get_report_tag(void *report, unsigned long *tag)
{
	(void)report;
	*tag = 0;
	return 1;
}

/* Stacks that belong to no side are those of other kinds of reports. */
int __tsan_get_report_stack(void *report, unsigned long index, void **trace, unsigned long trace_size)
{
	(void)report;
	(void)index;
	copy_trace(trace, trace_size, 0);
	return 0;
}

int __tsan_get_report_mop(void *report, unsigned long index, int *tid, void **address, int *size, int *write,
	int *atomic, void **trace, unsigned long trace_size)
{
	const struct rt_found *found = report;
	if (index >= found->count)
		return 0;
	const struct rt_side *side = &found->sides[index];
	*tid = number_of(side->thread);
	*address = (void *)side->address;
	*size = (int)side->bytes;
	*write = rt_kind_bits[side->kind] & RT_CELL_WRITE ? 1 : 0;
	*atomic = side->atomic;
	copy_trace(trace, trace_size, side->context);
	return 1;
}

int __tsan_get_report_loc(void *report, unsigned long index, const char **type, void **address, void **start,
	unsigned long *size, int *tid, int *fd, int *suppressable, void **trace, unsigned long trace_size)
{
	const struct rt_found *found = report;
	const struct rt_memory_location *location = &found->location;
	bool is_fd = location->kind == RT_LOCATION_DESCRIPTOR;
	if (index)
		return 0;
	*type = location_type(location->kind);
	*address = (void *)found->sides[0].address;
	*start = is_fd ? NULL : (void *)location->address;
	*size = location->bytes;
	*tid = number_of(location->thread);
	*fd = is_fd ? (int)location->address : 0;
	*suppressable = 0;
	copy_trace(trace, trace_size, location->context);
	return 1;
}

int __tsan_get_report_loc_object_type(void *report, unsigned long index, const char **type)
{
	(void)report;
	(void)index;
	*type = "";
	return 0;
}

int __tsan_get_report_mutex(void *report, unsigned long index, uint64_t *mutex, void **address,
	int *destroyed, void **trace, unsigned long trace_size)
{
	uint32_t id = mutex_at(report, index);
	struct rt_sync_info *info = rt_sync_info_of(id);
	if (!info)
		return 0;
	*mutex = id;
	*address = (void *)(uintptr_t)info->key;
	*destroyed = 0;
	copy_trace(trace, trace_size, info->created_at);
	return 1;
}

int __tsan_get_report_thread(void *report, unsigned long index, int *tid, uint64_t *os_id, int *running,
	const char **name, int *parent, void **trace, unsigned long trace_size)
{
	uint32_t threads[THREADS_SHOWN];
	int count = list_threads(report, threads);
	struct rt_thread_info *info = index < (unsigned long)count ? rt_thread_info_of(threads[index]) : NULL;
	if (!info)
		return 0;
	*tid = number_of(info->id);
	*os_id = (uint64_t)info->tid;
	*running = rt_sys_thread_lives(rt_sys_getpid(), info->tid);
	*name = info->name;
	*parent = number_of(info->parent);
	copy_trace(trace, trace_size, info->created_at);
	return 1;
}

int __tsan_get_report_unique_tid(void *report, unsigned long index, int *tid)
{
	(void)report;
	(void)index;
	(void)tid;
	return 0;
}

/* ---- addresses ---- */

static void locate(uintptr_t address, struct rt_memory_location *location)
{
	rt_finding_lock();
	rt_memory_locate(address, location);
	rt_finding_unlock();
}

int __tsan_get_alloc_stack(
	unsigned long address, unsigned long *trace, unsigned long size, int *thread, uint64_t *os_id)
{
	struct rt_memory_location location = {.kind = RT_LOCATION_UNKNOWN};
	RT_HOOK_TELL_ALWAYS(locate(address, &location));
	struct rt_thread_info *info = rt_thread_info_of(location.thread);
	if (location.kind != RT_LOCATION_HEAP || !info)
		return 0;
	*thread = number_of(info->id);
	*os_id = (uint64_t)info->tid;
	return (int)copy_trace((void **)trace, size, location.context);
}

/* Names of variables are known to the report alone. */
const char *__tsan_locate_address(
	unsigned long address, char *name, unsigned long name_size, unsigned long *start, unsigned long *size)
{
	struct rt_memory_location location = {.kind = RT_LOCATION_UNKNOWN, .address = address};
	RT_HOOK_TELL_ALWAYS(locate(address, &location));
	if (name_size)
		name[0] = 0;
	*start = location.address;
	*size = location.bytes;
	return location_type(location.kind);
}

/* What the engine keeps it needs: nothing can be given back without losing races. */
void __tsan_flush_memory(void)
{
}

void __tsan_on_thread_idle(void)
{
}

/* ---- the unseen barrier ---- */

/* 31..24 threads that meet | 23..0 arrivals, ever. arrivals / threads is the round, and what waits waits for its end. The
 * tests' variable has 32 bits, of older tests 64. */
enum { ARRIVALS_BITS = 24, THREADS_MOST = 255 };

static uint32_t round_of(uint32_t barrier)
{
	return (barrier & ((1u << ARRIVALS_BITS) - 1)) / (barrier >> ARRIVALS_BITS);
}

void __tsan_testonly_barrier_init(uint32_t *barrier, unsigned count)
{
	__atomic_store_n(
		barrier, (count && count <= THREADS_MOST ? count : 1) << ARRIVALS_BITS, __ATOMIC_SEQ_CST);
}

void __tsan_testonly_barrier_wait(uint32_t *barrier)
{
	uint32_t now = __atomic_add_fetch(barrier, 1, __ATOMIC_SEQ_CST), round = round_of(now - 1);
	if (round_of(now) != round) {
		rt_syscall(__NR_futex, (long)barrier, FUTEX_WAKE, INT32_MAX, 0, 0, 0);
		return;
	}
	while (round_of(now) == round) {
		rt_syscall(__NR_futex, (long)barrier, FUTEX_WAIT, now, 0, 0, 0);
		now = __atomic_load_n(barrier, __ATOMIC_SEQ_CST);
	}
}

unsigned long __tsan_testonly_shadow_stack_current_size(void)
{
	return (unsigned long)(racetrack_hot.top - racetrack_hot.first);
}
