/* Points in time that lie far ahead, and one that has passed. */
#ifndef RACETRACK_TESTS_TIMES_H
#define RACETRACK_TESTS_TIMES_H

#include <time.h>

static __attribute__((unused)) const struct timespec *far_ahead(clockid_t clock)
{
	static __thread struct timespec until;
	clock_gettime(clock, &until);
	until.tv_sec += 1000;
	return &until;
}

static const struct timespec passed __attribute__((unused)) = {1, 0};

#endif
