/* Sets of signals: of them the C library and the kernel know what fits into a word. */
#include "result.h"

#define READS_SET(from)                                                                                      \
	do {                                                                                                 \
		if (from)                                                                                    \
			RT_READS(from, RT_SIGNAL_SET_BYTES);                                                 \
	} while (0)
#define WRITES_SET(to)                                                                                       \
	do {                                                                                                 \
		if (to)                                                                                      \
			RT_WRITES(to, RT_SIGNAL_SET_BYTES);                                                  \
	} while (0)

int rt_wrap_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	RT_RESULT_BODY(sigprocmask, rt_real.sigprocmask(how, set, old), !result, {
		READS_SET(set);
		WRITES_SET(old);
	});
}

int rt_wrap_pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	RT_RESULT_BODY(pthread_sigmask, rt_real.pthread_sigmask(how, set, old), !result, {
		READS_SET(set);
		WRITES_SET(old);
	});
}

int rt_wrap_sigpending(sigset_t *to)
{
	RT_RESULT_BODY(sigpending, rt_real.sigpending(to), !result, WRITES_SET(to));
}

int rt_wrap_sigsuspend(const sigset_t *set)
{
	RT_RESULT_BODY(sigsuspend, rt_real.sigsuspend(set), errno == EINTR, READS_SET(set));
}

int rt_wrap_sigemptyset(sigset_t *to)
{
	RT_RESULT_BODY(sigemptyset, rt_real.sigemptyset(to), !result, WRITES_SET(to));
}

int rt_wrap_sigfillset(sigset_t *to)
{
	RT_RESULT_BODY(sigfillset, rt_real.sigfillset(to), !result, WRITES_SET(to));
}

int rt_wrap_sigaddset(sigset_t *to, int number)
{
	RT_RESULT_BODY(sigaddset, rt_real.sigaddset(to, number), !result, WRITES_SET(to));
}

int rt_wrap_sigdelset(sigset_t *to, int number)
{
	RT_RESULT_BODY(sigdelset, rt_real.sigdelset(to, number), !result, WRITES_SET(to));
}

int rt_wrap_sigismember(const sigset_t *set, int number)
{
	RT_RESULT_BODY(sigismember, rt_real.sigismember(set, number), result >= 0, READS_SET(set));
}

int rt_wrap_sigisemptyset(const sigset_t *set)
{
	RT_RESULT_BODY(sigisemptyset, rt_real.sigisemptyset(set), result >= 0, READS_SET(set));
}

int rt_wrap_sigandset(sigset_t *to, const sigset_t *a, const sigset_t *b)
{
	RT_RESULT_BODY(sigandset, rt_real.sigandset(to, a, b), !result, {
		READS_SET(a);
		READS_SET(b);
		WRITES_SET(to);
	});
}

int rt_wrap_sigorset(sigset_t *to, const sigset_t *a, const sigset_t *b)
{
	RT_RESULT_BODY(sigorset, rt_real.sigorset(to, a, b), !result, {
		READS_SET(a);
		READS_SET(b);
		WRITES_SET(to);
	});
}

int rt_wrap_sigaltstack(const stack_t *stack, stack_t *old)
{
	RT_RESULT_BODY(sigaltstack, rt_real.sigaltstack(stack, old), !result, {
		RT_READS_VALUE(stack);
		RT_WRITES_VALUE(old);
	});
}
