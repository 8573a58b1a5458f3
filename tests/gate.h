/* A gate that orders threads where the detector sees no order: C11 atomics and the futex system call only.
 *
 * A gate counts up. gate_wait(&gate, n) returns once gate_open(&gate, n) was called with that n or a greater one. */
#ifndef RACETRACK_TESTS_GATE_H
#define RACETRACK_TESTS_GATE_H

#include <limits.h>

/* clang goes on to tell of atomics in what is not to be sanitized. */
#if defined(__clang__)
#define GATE_UNSEEN static __attribute__((disable_sanitizer_instrumentation, noinline, unused))
#else
#define GATE_UNSEEN static inline __attribute__((no_sanitize_thread, unused))
#endif

struct gate {
	int level;
};

/* futex(2) without the C library: FUTEX_WAIT is 0, FUTEX_WAKE is 1. */
GATE_UNSEEN long gate_futex(int *word, int operation, int value)
{
	long result;
	register void *timeout __asm__("r10") = 0;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(202L), "D"(word), "S"((long)operation), "d"((long)value), "r"(timeout)
			 : "rcx", "r11", "memory");
	return result;
}

GATE_UNSEEN void gate_open(struct gate *gate, int level)
{
	__atomic_store_n(&gate->level, level, __ATOMIC_SEQ_CST);
	gate_futex(&gate->level, 1, INT_MAX);
}

GATE_UNSEEN void gate_wait(struct gate *gate, int level)
{
	int now;
	while ((now = __atomic_load_n(&gate->level, __ATOMIC_SEQ_CST)) < level)
		gate_futex(&gate->level, 0, now);
}

#endif
