/* The steps of tests/steps.h between two processes: the first calls, the second touches the line's memory, which they share; the
 * one ends its work before the other starts its own, and nothing the detector sees orders the two. */
#ifndef RACETRACK_TESTS_PROCESSES_H
#define RACETRACK_TESTS_PROCESSES_H

#include "sides.h"

#define STEPS_MOST 512 /* lines of a case */

static char *steps_memory;
static int steps_first;
static pid_t steps_pids[2]; /* of the first and the second; the first knows the second one's */

/* Both processes write the line's memory; `leave` is what the first does afterwards, `enter` what the second does before. */
#define HANDS(leave, enter)                                                                                  \
	do {                                                                                                 \
		if (steps_first) {                                                                           \
			racetrack_write(steps_memory + 64 * __LINE__, 1);                                    \
			(leave);                                                                             \
		} else {                                                                                     \
			(enter);                                                                             \
			racetrack_write(steps_memory + 64 * __LINE__, 1);                                    \
		}                                                                                            \
		__asm__ volatile("" ::: "memory");                                                           \
	} while (0)

static void steps(void);

static void steps_by_first(void)
{
	steps_first = 1;
	steps();
}

static void steps_by_second(void)
{
	steps();
}

/* The second process starts before the first, which so knows its number. */
static void steps_run(void)
{
	steps_memory = mmap(NULL, 64 * STEPS_MOST, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(steps_memory != MAP_FAILED);
	struct gate *gate = make_gate();
	steps_pids[1] = start_side(gate, steps_by_second, 2, 3);
	steps_pids[0] = start_side(gate, steps_by_first, 1, 2);
	gate_open(gate, 1);
	end_side(steps_pids[0]);
	end_side(steps_pids[1]);
}

#endif
