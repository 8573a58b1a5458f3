/* What the examples share, so that each can be about its bug. */
#ifndef RACETRACK_EXAMPLES_EXAMPLE_H
#define RACETRACK_EXAMPLES_EXAMPLE_H

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Both threads run before either is waited for. */
static inline void run_both(void *(*first)(void *), void *(*second)(void *), void *a, void *b)
{
	pthread_t threads[2];
	if (pthread_create(&threads[0], NULL, first, a) || pthread_create(&threads[1], NULL, second, b))
		abort();
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static inline void must(int error)
{
	if (error) {
		fprintf(stderr, "error %d\n", error);
		exit(1);
	}
}

/* The bad day's schedule, for bugs whose symptom takes one: a thread waits until the others have come to a step. That is no
 * part of the bug, and the detector must not take it for synchronisation, as it would a load that a loop waits for: so the
 * kernel looks, and sets, asked by the bare instruction (process_vm_readv and process_vm_writev of the process itself). */
static int day_here;
static int *day_step = &day_here; /* shared.h: where processes share it */

static inline void day_copy(long call, int *value)
{
	struct {
		void *at;
		size_t bytes;
	} here = {value, sizeof(*value)}, there = {day_step, sizeof(*day_step)};
	long result, process = getpid();
	register void *third __asm__("r10") = &there;
	register long count __asm__("r8") = 1;
	register long flags __asm__("r9") = 0;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(call), "D"(process), "S"(&here), "d"(1L), "r"(third), "r"(count), "r"(flags)
			 : "rcx", "r11", "memory");
}

__attribute__((unused)) static void day_wait(int step)
{
	for (int now = 0; day_copy(310, &now), now < step;)
		sched_yield();
}

__attribute__((unused)) static void day_reached(int step)
{
	day_copy(311, &step);
}

#endif
