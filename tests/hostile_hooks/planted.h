/* A race that is planted beside what a hostile program does, and must be found all the same: two stores in functions of
 * their own, by two threads that nothing orders.
 *
 * race_first() is called by one thread, race_second() by another one afterwards; gates keep them in time. */
#ifndef RACETRACK_TESTS_PLANTED_H
#define RACETRACK_TESTS_PLANTED_H

#include "gate.h"

long planted; /* not static: the stores have to stay */

static __attribute__((noinline, noclone, unused)) void race_first(void)
{
	planted = 1;
	__asm__ volatile("" ::: "memory");
}

static __attribute__((noinline, noclone, unused)) void race_second(void)
{
	planted = 2;
	__asm__ volatile("" ::: "memory");
}

#endif
