/* Questions of the program about reports, which are made outside of it: there is never one at hand. And the barrier of
 * ThreadSanitizer's own tests. */
#include "hooks.h"
#include "shadow/sys.h"

void *__tsan_get_current_report(void)
{
	return NULL;
}

/* What the program passes to be filled stays as it is: the answer is that there is nothing. */
#define NOTHING(name, parameters)                                                                            \
	int name parameters                                                                                  \
	{                                                                                                    \
		return 0;                                                                                    \
	}

#pragma GCC diagnostic ignored "-Wunused-parameter"
NOTHING(__tsan_get_report_data, (void *report, const char **description, int *count, int *stack_count,
					int *mop_count, int *loc_count, int *mutex_count, int *thread_count,
					int *unique_tid_count, void **sleep_trace, unsigned long trace_size))
NOTHING(__tsan_get_report_stack, (void *report, unsigned long index, void **trace, unsigned long trace_size))
NOTHING(__tsan_get_report_mop, (void *report, unsigned long index, int *tid, void **address, int *size,
				       int *write, int *atomic, void **trace, unsigned long trace_size))
NOTHING(__tsan_get_report_loc, (void *report, unsigned long index, const char **type, void **address,
				       void **start, unsigned long *size, int *tid, int *fd,
				       int *suppressable, void **trace, unsigned long trace_size))
NOTHING(__tsan_get_report_loc_object_type, (void *report, unsigned long index, const char **type))
NOTHING(__tsan_get_report_tag, (void *report, unsigned long *tag))
NOTHING(__tsan_get_report_mutex, (void *report, unsigned long index, uint64_t *mutex, void **address,
					 int *destroyed, void **trace, unsigned long trace_size))
NOTHING(__tsan_get_report_thread,
	(void *report, unsigned long index, int *tid, uint64_t *os_id, int *running, const char **name,
		int *parent, void **trace, unsigned long trace_size))
NOTHING(__tsan_get_report_unique_tid, (void *report, unsigned long index, int *tid))
NOTHING(__tsan_get_alloc_stack,
	(unsigned long address, unsigned long *trace, unsigned long size, int *thread, uint64_t *os_id))

const char *__tsan_locate_address(
	unsigned long address, char *name, unsigned long name_size, unsigned long *start, unsigned long *size)
{
	if (name_size)
		name[0] = 0;
	*start = 0;
	*size = 0;
	return "";
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
