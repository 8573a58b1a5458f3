/* syscall(2): system calls that the program makes by number. Of those that order something it is told as of the functions of
 * their names; all others go straight to the C library, with the registers and the stack as they are, because some return twice,
 * or on another stack. */
#include "confine.h"
#include "descriptor.h"
#include "futex.h"
#include "kernel_aio.h"
#include "ring.h"
#include "signal_order.h"
#include "wrap.h"
#include "hooks/hooked.h"
#include "shadow/sys.h"

#define TOLD_NUMBERS 512

/* By number; from ASYNCHRONOUS on: begins or ends something that is a thread, also while nothing is watched. */
enum { ASYNCHRONOUS = 2, RING };
__attribute__((used)) static const unsigned char is_told[TOLD_NUMBERS] = {
	[__NR_futex] = 1,
	[__NR_mprotect] = 1,
	[__NR_pkey_mprotect] = 1,
	[449 /* futex_waitv */] = 1,
	[454 /* futex_wake */] = 1,
	[455 /* futex_wait */] = 1,
	[__NR_kill] = 1,
	[__NR_tkill] = 1,
	[__NR_tgkill] = 1,
	[__NR_rt_sigqueueinfo] = 1,
	[__NR_rt_tgsigqueueinfo] = 1,
	[__NR_pidfd_send_signal] = 1,
	[__NR_seccomp] = 1,
	[__NR_io_setup] = ASYNCHRONOUS,
	[__NR_io_submit] = ASYNCHRONOUS,
	[__NR_io_getevents] = ASYNCHRONOUS,
	[__NR_io_pgetevents] = ASYNCHRONOUS,
	[__NR_io_cancel] = ASYNCHRONOUS,
	[__NR_io_destroy] = ASYNCHRONOUS,
	[__NR_io_uring_setup] = RING,
	[__NR_io_uring_enter] = RING,
};

static void tell_before(struct rt_thread *self, struct rt_site *site, long number, const long arguments[6])
{
	int first = (int)arguments[0], second = (int)arguments[1], third = (int)arguments[2], process;
	switch (number) {
	case __NR_kill:
	case __NR_rt_sigqueueinfo:
		rt_signal_sent(self, site, first, second);
		break;
	case __NR_tkill: /* a thread of this process, or another's only one */
		rt_signal_sent(self, site, first, second);
		rt_signal_sent(self, site, rt_sys_getpid(), second);
		break;
	case __NR_tgkill:
	case __NR_rt_tgsigqueueinfo:
		rt_signal_sent(self, site, first, third);
		break;
	case __NR_pidfd_send_signal:
		rt_number_use(self, site, first);
		if ((process = rt_descriptor_process(first)))
			rt_signal_sent(self, site, process, second);
		break;
	default:
		rt_futex_before(self, site, number, arguments);
	}
}

/* In line: the site is the caller's. What begins while nothing is watched begins a watch only where all of the program is told of
 * from the start: elsewhere its looks at what has ended, by code of its own, are not seen before there is a second thread. */
__attribute__((always_inline)) static inline long call_asynchronous(long number, const long arguments[6])
{
	bool ring = is_told[number] == RING,
	     begins = number == __NR_io_submit || number == __NR_io_uring_enter;
	if (!begins || rt_watching || rt_hooked_any())
		RT_TELL_ALWAYS(syscall,
			(ring ? rt_ring_before : rt_kernel_aio_before)(self, &site, number, arguments));
	long result = rt_real.syscall(
		number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
	RT_FOLLOWS();
	RT_TELL_ALWAYS(syscall,
		(ring ? rt_ring_after : rt_kernel_aio_after)(self, &site, number, arguments, result));
	return result;
}

__attribute__((used, noinline)) static long call_told(
	long number, long a, long b, long c, long d, long e, long f)
{
	const long arguments[6] = {a, b, c, d, e, f};
	if (number == __NR_seccomp)
		return rt_confine_seccomp(arguments);
	if ((number == __NR_mprotect || number == __NR_pkey_mprotect) && arguments[2] & PROT_WRITE)
		rt_rewrite_changing((void *)a, (size_t)b);
	if (is_told[number] >= ASYNCHRONOUS)
		return call_asynchronous(number, arguments);
	RT_TELL(syscall, tell_before(self, &site, number, arguments));
	long result = rt_real.syscall(number, a, b, c, d, e, f);
	if (result >= 0)
		RT_TELL_CAME(syscall, rt_futex_after(self, &site, number, arguments, result));
	return result;
}

#pragma GCC diagnostic ignored "-Wunused-parameter"
__attribute__((naked)) long rt_wrap_syscall(long number, ...)
{
	__asm__("cmpq %0, %%rdi\n"
		"jae 1f\n"
		"leaq is_told(%%rip), %%r11\n"
		"cmpb $0, (%%r11, %%rdi)\n"
		"jne call_told\n"
		"1: jmp *rt_real + %c1(%%rip)\n"
		:
		: "i"(TOLD_NUMBERS), "i"(offsetof(struct rt_real, syscall)));
}
