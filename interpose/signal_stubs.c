/* Signals. The kernel runs one of our stubs in place of each handler of the program. Which one tells the handler, and the
 * two flags that the kernel must not know of; mask and other flags stay with the kernel. So nothing here has to agree with
 * what it holds, however many threads set actions at once, and a vfork child, whose actions are its own, does no harm.
 *
 * A stub jumps to the program's handler, which finds the registers and the stack as the kernel made them, unless the signal
 * arrived inside the engine:
 *   - A fault there comes from a bad pointer of the program's, read before the real function would have read it. No lock
 *     is held: the handler is called as if outside, and may leave by siglongjmp. If it returns, the read is tried again.
 *   - Any other signal is sent again and comes when the engine is left. The handler may wait, jump, end the thread.
 * Inside the program's allocator handlers run at once, but their calls count.
 *
 * In a session SIGBUS has a stub also where the program has no handler: a fault in the session's memory is mended before
 * anybody sees it (shadow/fault.h). The stub does what the kernel would have done with any other.
 *
 * Actions set by the bare system call run as they are: their calls inside the engine are not tracked (signal_nested). */
#include "signal_stubs.h"

#include "allocating.h"
#include "signal_entry.h"
#include "signal_order.h"
#include "wrap.h"
#include "shadow/fault.h"
#include "shadow/sys.h"
#include "shadow/thread.h"

#include <ucontext.h>

enum {
	ADDRESS_BITS = 47,
	LATER_MOST = 8,
	FIRST_QUEUED = 32, /* signals from here on are queued, in order */
	INTERNAL_FIRST = 32,
	INTERNAL_LAST = 33, /* the C library's: cancellation, setuid */
};

/* What a stub stands for, in a word: the handler's address and flags. 0: nothing yet. Never changes again. */
#define KEY_SIGINFO  (1ull << 62)
#define KEY_ONE_SHOT (1ull << 63)
#define KEY_PASSIVE  (1ull << 61) /* SIG_DFL or SIG_IGN */
/* Of a passive one: the flags that the program gave, of those that the stub has anyway. */
#define KEY_RESTART  (1ull << 60)
#define KEY_ONSTACK  (1ull << 59)
#define KEY_RESTORER (1ull << 58)
enum { RESTORER_FLAG = 0x04000000 }; /* of the kernel: the C library sets it, a program never */

static bool guarded;  /* rt_signal_guard was called */
static bool ignoring; /* the program has ignored SIGBUS since */

static uint64_t keys[RT_SIGNAL_STUBS];

/* ---- stubs ---- */

static uintptr_t stub_address(unsigned stub)
{
	return (uintptr_t)rt_signal_stubs + (size_t)stub * RT_SIGNAL_STUB_BYTES;
}

/* The key that the kernel's handler stands for; 0: it is none of our stubs. */
static uint64_t key_of(uintptr_t address)
{
	uintptr_t offset = address - (uintptr_t)rt_signal_stubs;
	return offset < (uintptr_t)RT_SIGNAL_STUBS * RT_SIGNAL_STUB_BYTES &&
			       offset % RT_SIGNAL_STUB_BYTES == 0
		       ? __atomic_load_n(&keys[offset / RT_SIGNAL_STUB_BYTES], __ATOMIC_ACQUIRE)
		       : 0;
}

static uintptr_t address_of_key(uint64_t key)
{
	return key & ((1ull << ADDRESS_BITS) - 1);
}

/* The stub for the key; 0: all are taken. */
static uintptr_t stub_for(uint64_t key)
{
	for (unsigned i = 0; i < RT_SIGNAL_STUBS; i++) {
		uint64_t there = __atomic_load_n(&keys[i], __ATOMIC_ACQUIRE);
		if (!there && __atomic_compare_exchange_n(
				      &keys[i], &there, key, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			return stub_address(i);
		if (there == key)
			return stub_address(i);
	}
	return 0;
}

/* ---- arrival ---- */

static bool is_fault(int number, const siginfo_t *info)
{
	return (RT_SIGNALS_OF_FAULTS & rt_signal_bit(number)) && info->si_code > 0 &&
	       !(number == SIGBUS && info->si_code == BUS_MCEERR_AO);
}

static bool queue(int number, const siginfo_t *info)
{
	return !rt_sys_failed(rt_syscall(
		__NR_rt_tgsigqueueinfo, rt_sys_getpid(), rt_sys_gettid(), number, (long)info, 0, 0));
}

/* Before those of its number that this thread was sent meanwhile, up to LATER_MOST; what the whole process was sent comes
 * after it anyway. The signal is blocked. False: the kernel's queue is full. */
static RT_COLD bool send_again(int number, const siginfo_t *info)
{
	siginfo_t later[LATER_MOST];
	struct timespec at_once = {0, 0};
	uint64_t set = rt_signal_bit(number);
	unsigned count = 0;
	while (number >= FIRST_QUEUED && count < LATER_MOST &&
		rt_syscall(__NR_rt_sigtimedwait, (long)&set, (long)&later[count], (long)&at_once, sizeof(set),
			0, 0) > 0)
		count++;
	bool sent = queue(number, info);
	for (unsigned i = 0; i < count; i++)
		queue(number, &later[i]);
	return sent;
}

static uint64_t *mask_of(ucontext_t *context)
{
	return (uint64_t *)(void *)&context->uc_sigmask;
}

/* It comes again when the engine is left (`self`), or when a rewritten atomic change is made. SA_NODEFER may have left it
 * open, so it is blocked at once. */
static RT_COLD bool defer(struct rt_thread *self, int number, const siginfo_t *info, ucontext_t *context)
{
	uint64_t held = RT_SIGNALS_HELD | rt_signal_bit(number), before;
	rt_sys_signal_mask(RT_SIG_BLOCK, held, &before);
	if (!send_again(number, info)) {
		rt_sys_signal_mask(RT_SIG_SETMASK, before, NULL);
		return false;
	}
	if (self)
		rt_thread_hold_signals(self, *mask_of(context));
	else
		rt_rewrite_hold(*mask_of(context));
	*mask_of(context) |= held;
	return true;
}

/* SA_RESETHAND, which the kernel would have used up at a delivery that was put off. */
static RT_COLD void reset_to_default(int number, uintptr_t stub)
{
	struct sigaction now;
	if (rt_real.sigaction(number, NULL, &now) || (uintptr_t)now.sa_handler != stub)
		return;
	now.sa_handler = SIG_DFL;
	now.sa_flags |= (int)SA_RESETHAND;
	if (!(key_of(stub) & KEY_SIGINFO))
		now.sa_flags &= ~SA_SIGINFO;
	rt_real.sigaction(number, &now, NULL);
}

/* Out of the engine with the mask that the kernel would have set for the handler. */
static void step_out(struct rt_thread *self, int number, ucontext_t *context)
{
	struct sigaction now;
	uint64_t mask;
	if (!rt_thread_step_out(self, &mask))
		return;
	*mask_of(context) = mask;
	if (!rt_real.sigaction(number, NULL, &now)) {
		mask |= *(const uint64_t *)(const void *)&now.sa_mask;
		mask |= now.sa_flags & SA_NODEFER ? 0 : rt_signal_bit(number);
	}
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
}

/* The handler runs in the middle of an access check, or of the program's allocator. */
static RT_COLD void run_between(struct rt_thread *self, int number, siginfo_t *info, ucontext_t *context,
	rt_signal_handler_t *handler)
{
	unsigned allocating = rt_allocating;
	rt_allocating = 0;
	if (self)
		step_out(self, number, context);
	rt_signal_take_over(number, info);
	rt_signal_arriving = 0;
	handler(number, info, context);
	rt_signal_arriving = 1;
	rt_allocating = allocating;
	if (self)
		rt_enter(); /* left by the section that the handler interrupted */
}

/* Of a rewritten function's clone, or of the slow path that it called, so much stays until the handler has returned. */
static RT_COLD void keep(
	struct rt_signal_kept *kept, struct rt_thread *inside, int number, ucontext_t *context)
{
	kept->allocating = rt_allocating;
	kept->inside = inside;
	rt_allocating = 0;
	if (inside)
		step_out(inside, number, context);
}

/* What the kernel does where there is no handler: after this it comes again, and the kernel does it. */
static RT_COLD void act_passively(int number, const siginfo_t *info, bool ignored)
{
	static const struct sigaction none = {.sa_handler = SIG_DFL};
	bool fault = is_fault(number, info); /* by its instruction, and can't be ignored */
	if (ignored && !fault)
		return;
	rt_real.sigaction(number, &none, NULL);
	if (!fault)
		queue(number, info);
}

/* It was the session's, or there is nobody else to see it. */
static RT_COLD bool is_settled(int number, const siginfo_t *info, uint64_t key)
{
	if (is_fault(number, info) && rt_fault_mend((uintptr_t)info->si_addr))
		return true;
	if (key & KEY_PASSIVE)
		act_passively(number, info, address_of_key(key) == (uintptr_t)SIG_IGN);
	return key & KEY_PASSIVE;
}

__attribute__((used)) struct rt_signal_arrival rt_signal_arrived(int number, siginfo_t *info,
	ucontext_t *context, unsigned stub, struct rt_signal_kept *kept, unsigned arriving)
{
	uint64_t key = keys[stub];
	rt_signal_handler_t *handler = (rt_signal_handler_t *)address_of_key(key);
	struct rt_thread *self = rt_self;
	bool inside = self && self->place == RT_INSIDE, fault = is_fault(number, info);
	if (RT_UNLIKELY(number == SIGBUS && is_settled(number, info, key)))
		return (struct rt_signal_arrival){NULL, false};
	if (RT_UNLIKELY(inside && !fault && defer(self, number, info, context)))
		return (struct rt_signal_arrival){NULL, false};
	if (RT_UNLIKELY(!inside && !fault && rt_rewrite_is_changing() && defer(NULL, number, info, context)))
		return (struct rt_signal_arrival){NULL, false};
	if (RT_UNLIKELY(key & KEY_ONE_SHOT))
		reset_to_default(number, stub_address(stub));
	struct rt_thread *leaving = inside && fault ? self : NULL;
	kept->arriving = arriving;
	if (RT_UNLIKELY(
		    rt_rewrite_arrived(context, &kept->rewriting, arriving || rt_signal_is_entry(context)))) {
		keep(kept, leaving, number, context);
		rt_signal_take_over(number, info);
		return (struct rt_signal_arrival){handler, true};
	}
	if (RT_UNLIKELY(leaving || rt_allocating)) {
		run_between(leaving, number, info, context, handler);
		return (struct rt_signal_arrival){NULL, false};
	}
	rt_signal_take_over(number, info);
	return (struct rt_signal_arrival){handler, false};
}

__attribute__((used)) unsigned rt_signal_returned(const struct rt_signal_kept *kept, ucontext_t *context)
{
	rt_allocating = kept->allocating;
	if (rt_rewrite_resume(context, &kept->rewriting) && kept->inside)
		rt_enter(); /* left by the section that the handler interrupted */
	return kept->arriving;
}

/* ---- actions ---- */

static bool is_handler(uintptr_t address)
{
	return address > (uintptr_t)SIG_HOLD && address >> ADDRESS_BITS == 0;
}

/* Its memory is its parent's, its actions are not. */
static bool is_vfork_child(void)
{
	return rt_self && rt_self->tid != rt_sys_gettid();
}

static bool is_passive(int number, uintptr_t address)
{
	return number == SIGBUS && __atomic_load_n(&guarded, __ATOMIC_SEQ_CST) &&
	       (address == (uintptr_t)SIG_DFL || address == (uintptr_t)SIG_IGN);
}

static uint64_t key_of_action(const struct sigaction *action, bool passive)
{
	const unsigned flags = (unsigned)action->sa_flags;
	uint64_t key = (uintptr_t)action->sa_handler | (flags & SA_SIGINFO ? KEY_SIGINFO : 0) |
		       (flags & SA_RESETHAND ? KEY_ONE_SHOT : 0);
	if (passive)
		key |= KEY_PASSIVE | (flags & SA_RESTART ? KEY_RESTART : 0) |
		       (flags & SA_ONSTACK ? KEY_ONSTACK : 0) | (flags & RESTORER_FLAG ? KEY_RESTORER : 0);
	return key;
}

/* The action with our stub. False: the kernel may have it as it is. */
static bool make_ours(int number, const struct sigaction *action, struct sigaction *ours)
{
	uintptr_t address = (uintptr_t)action->sa_handler;
	bool passive = is_passive(number, address);
	if (number < 1 || number >= NSIG || (number >= INTERNAL_FIRST && number <= INTERNAL_LAST) ||
		!(is_handler(address) || passive) || is_vfork_child())
		return false;
	uintptr_t stub = stub_for(key_of_action(action, passive));
	if (!stub)
		return false;
	rt_bytes_copy(ours, action, sizeof(*ours));
	ours->sa_handler = (__sighandler_t)stub;
	ours->sa_flags = (action->sa_flags | SA_SIGINFO) & ~(int)SA_RESETHAND;
	if (passive) /* it is to disturb as little as can be */
		ours->sa_flags |= SA_RESTART | SA_ONSTACK;
	return true;
}

/* What the kernel told of an action, as the program set it. */
static void make_theirs(struct sigaction *action)
{
	uint64_t key = key_of((uintptr_t)action->sa_handler);
	if (!key)
		return;
	action->sa_handler = (__sighandler_t)address_of_key(key);
	action->sa_flags &= ~SA_SIGINFO;
	action->sa_flags |=
		(key & KEY_SIGINFO ? SA_SIGINFO : 0) | (key & KEY_ONE_SHOT ? (int)SA_RESETHAND : 0);
	if (!(key & KEY_PASSIVE))
		return;
	action->sa_flags &= ~((key & KEY_RESTART ? 0 : SA_RESTART) | (key & KEY_ONSTACK ? 0 : SA_ONSTACK) |
			      (key & KEY_RESTORER ? 0 : RESTORER_FLAG));
	if (!(key & KEY_RESTORER))
		action->sa_restorer = NULL;
}

int rt_signal_set_action(int number, const struct sigaction *action, struct sigaction *old)
{
	struct sigaction ours, theirs;
	bool handler = action && action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
	if (handler)
		rt_signals_handled();
	if (action && number == SIGBUS && !handler) {
		rt_bytes_copy(&theirs, action, sizeof(theirs));
		theirs.sa_flags |= RESTORER_FLAG; /* as it will be read */
		ignoring |= action->sa_handler == SIG_IGN;
		action = &theirs;
	}
	if (action && make_ours(number, action, &ours))
		action = &ours;
	int result = rt_real.sigaction(number, action, old);
	if (!result && old)
		make_theirs(old);
	if (!result && action == &theirs && is_passive(number, (uintptr_t)theirs.sa_handler))
		rt_signal_guard(); /* it came in between */
	return result;
}

/* ---- SIGBUS in a session ---- */

void rt_signal_guard(void)
{
	struct sigaction now, ours;
	__atomic_store_n(&guarded, true, __ATOMIC_SEQ_CST);
	if (rt_real.sigaction(SIGBUS, NULL, &now) || key_of((uintptr_t)now.sa_handler))
		return;
	ignoring |= now.sa_handler == SIG_IGN;
	if (make_ours(SIGBUS, &now, &ours))
		rt_real.sigaction(SIGBUS, &ours, NULL);
}

/* An ignored signal stays so in another program, one with a handler does not. */
void rt_signal_hand_on(void)
{
	struct sigaction now;
	if (!guarded || !ignoring || rt_real.sigaction(SIGBUS, NULL, &now))
		return;
	make_theirs(&now);
	if (now.sa_handler == SIG_IGN)
		rt_real.sigaction(SIGBUS, &now, NULL);
}

void rt_signal_handed_on(void)
{
	if (guarded && ignoring && !is_vfork_child())
		rt_signal_guard();
}

void rt_signal_take_action(int number)
{
	struct {
		uintptr_t handler, flags, restorer;
		uint64_t mask;
	} action;
	if (rt_sys_failed(
		    rt_syscall(__NR_rt_sigaction, number, 0, (long)&action, sizeof(action.mask), 0, 0)) ||
		!is_handler(action.handler) || key_of(action.handler))
		return;
	uintptr_t stub = stub_for(action.handler | (action.flags & SA_SIGINFO ? KEY_SIGINFO : 0));
	if (!stub)
		return;
	action.handler = stub;
	action.flags |= SA_SIGINFO;
	rt_syscall(__NR_rt_sigaction, number, (long)&action, 0, sizeof(action.mask), 0, 0);
}
