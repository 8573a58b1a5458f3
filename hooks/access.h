/* The check of a load or store that is compiled into the program, or linked into it: is the access in its cell already?
 * Everything else is the library's.
 *
 * A cell of this thread's present epoch that covers the bytes, and is as strong, makes another access like it worth nothing:
 * whatever would race with the one races with the other. So no access is lost by this look, and nothing has to be stored.
 *
 * Who may include it: hooks/, the part that is linked into programs included. It calls nothing but the three functions
 * below. Any thread, also in signal handlers. */
#ifndef RACETRACK_HOOKS_ACCESS_H
#define RACETRACK_HOOKS_ACCESS_H

#include "shadow/covered.h"

#include <stdbool.h>
#include <stddef.h>

/* In the library. */
RT_EXPORT void racetrack_hook_access(const volatile void *address, size_t bytes, bool write, uintptr_t pc);
RT_EXPORT void racetrack_hook_deeper(uintptr_t pc, uintptr_t sp);

#define RT_HOOK_PC ((uintptr_t)__builtin_return_address(0))

/* The access is not in one granule. Out of line, and the last thing that its callers do: the others keep no frame. */
static __attribute__((noinline)) void rt_hook_crossing(
	const volatile void *pointer, unsigned bytes, bool write, uintptr_t pc)
{
	if (!rt_is_covered(pointer, bytes, write))
		racetrack_hook_access(pointer, bytes, write, pc);
}

/* `bytes`: 1, 2, 4, 8 or 16, a constant. */
static inline __attribute__((always_inline)) void rt_hook_access(
	const volatile void *pointer, unsigned bytes, bool write, uintptr_t pc)
{
	const struct rt_hot *hot = &racetrack_hot;
	uintptr_t address = (uintptr_t)pointer;
	uint64_t epoch = hot->epoch;
	if (__builtin_expect(!epoch, 0)) {
		if (!racetrack_watching)
			return;
	} else if (bytes <= 8 && __builtin_expect((address & 7) + bytes <= 8, 1)) {
		if (rt_hot_is_there(hot, epoch, address, bytes, write))
			return;
	} else if (bytes == 16 && __builtin_expect(!(address & 7), 1)) {
		if (rt_hot_is_there(hot, epoch, address, 8, write) &&
			rt_hot_is_there(hot, epoch, address + 8, 8, write))
			return;
	} else if (bytes > 1) {
		rt_hook_crossing(pointer, bytes, write, pc);
		return;
	}
	racetrack_hook_access(pointer, bytes, write, pc);
}

static inline __attribute__((always_inline)) void rt_hook_call(uintptr_t pc, uintptr_t sp)
{
	struct rt_hot *hot = &racetrack_hot;
	/* A signal handler may make the first room: then the top, which is loaded behind the end, is of that, too. */
	const struct rt_frame *end = __atomic_load_n(&hot->end, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	struct rt_frame *frame = __atomic_load_n(&hot->top, __ATOMIC_RELAXED);
	if (__builtin_expect(frame == end, 0)) {
		racetrack_hook_deeper(pc, sp);
		return;
	}
	hot->top = frame + 1; /* first: a signal handler's calls come above it */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	frame->pc = pc;
	frame->sp = sp;
	frame->context = 0;
}

static inline __attribute__((always_inline)) void rt_hook_return(void)
{
	struct rt_hot *hot = &racetrack_hot;
	if (__builtin_expect(hot->deeper, 0))
		hot->deeper--;
	else if (hot->top >
		 hot->first) /* else it was announced elsewhere: on another stack of the program's */
		hot->top--;
}

#endif
