/* Where the kernel enters the library with a signal, and where handlers return to: the assembler part of signal_stubs.c.
 *
 * A handler that interrupted a rewritten function's clone has a struct rt_signal_kept between its frame and the kernel's, and
 * returns to rt_signal_return instead of the C library's __restore_rt.
 *
 * Who may include it: signal_stubs.c, signal_entry.c. */
#ifndef RACETRACK_INTERPOSE_SIGNAL_ENTRY_H
#define RACETRACK_INTERPOSE_SIGNAL_ENTRY_H

#include "rewrite/rewrite.h"
#include "shadow/thread.h"

#include <signal.h>
#include <ucontext.h>

enum {
	RT_SIGNAL_STUBS = 1024, /* handlers of a process; further ones are given to the kernel as they are */
	RT_SIGNAL_STUB_BYTES = 16,
};

typedef void rt_signal_handler_t(int number, siginfo_t *info, void *context);

struct rt_signal_kept {
	struct rt_rewrite_kept rewriting;
	struct rt_thread *inside; /* was in the engine; NULL: it was not */
	uint32_t allocating;
	uint32_t arriving; /* rt_signal_arriving, before */
};

/* In rax and rdx. */
struct rt_signal_arrival {
	rt_signal_handler_t *handler; /* to jump to; NULL: it has run, or will run later */
	uint64_t keeps;               /* it has to return to rt_signal_return */
};

/* Not 0 from the arrival of a signal until the program's handler runs, and from its return on. */
extern RT_HIDDEN __thread uint32_t rt_signal_arriving;

extern RT_HIDDEN const char rt_signal_stubs[], rt_signal_entry_end[];

/* What the kernel interrupted is this part, where rt_signal_arriving may not be set. */
static inline bool rt_signal_is_entry(const ucontext_t *context)
{
	uintptr_t pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
	return pc - (uintptr_t)rt_signal_stubs < (uintptr_t)(rt_signal_entry_end - rt_signal_stubs);
}

/* Called from the assembler part. */
RT_HIDDEN struct rt_signal_arrival rt_signal_arrived(int number, siginfo_t *info, ucontext_t *context,
	unsigned stub, struct rt_signal_kept *kept, unsigned arriving);
/* The value that rt_signal_arriving is to have. */
RT_HIDDEN unsigned rt_signal_returned(const struct rt_signal_kept *kept, ucontext_t *context);

#endif
