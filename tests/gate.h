/* A gate that orders threads where the detector sees no order: system calls only, made by no function. Its memory is read and
 * written by the kernel, because plain loads and stores are what the detector looks at, and a loop that waits for one is
 * synchronisation to it.
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

GATE_UNSEEN long gate_call(long number, long a, long b, long c, long d, long e, long f)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* process_vm_readv(2) is 310, process_vm_writev(2) 311, getpid(2) 39. */
GATE_UNSEEN void gate_copy(long how, int *here, struct gate *gate)
{
	struct {
		void *at;
		unsigned long bytes;
	} local = {here, sizeof(*here)}, remote = {&gate->level, sizeof(gate->level)};
	gate_call(how, gate_call(39, 0, 0, 0, 0, 0, 0), (long)&local, 1, (long)&remote, 1, 0);
}

/* futex(2) is 202: FUTEX_WAIT is 0, FUTEX_WAKE is 1. */
GATE_UNSEEN void gate_open(struct gate *gate, int level)
{
	gate_copy(311, &level, gate);
	gate_call(202, (long)&gate->level, 1, INT_MAX, 0, 0, 0);
}

GATE_UNSEEN void gate_wait(struct gate *gate, int level)
{
	for (int now = 0; gate_copy(310, &now, gate), now < level;)
		gate_call(202, (long)&gate->level, 0, now, 0, 0, 0);
}

#endif
