/* A pipe of its own for each line of a case: its ends as streams. What is put into it is there at once. */
#ifndef RACETRACK_TESTS_PIPES_H
#define RACETRACK_TESTS_PIPES_H

#include <stdio.h>
#include <unistd.h>
#include "steps.h"

static FILE *pipes_ends[STEPS_MOST][2];

static __attribute__((unused)) FILE *pipes_end(int line, int which)
{
	int pair[2];
	if (!pipes_ends[line][0]) {
		MUST(pipe(pair) == 0);
		MUST((pipes_ends[line][0] = fdopen(pair[0], "r")) &&
			(pipes_ends[line][1] = fdopen(pair[1], "w")));
		setvbuf(pipes_ends[line][1], NULL, _IONBF, 0);
	}
	return pipes_ends[line][which];
}

#define IN  pipes_end(__LINE__, 0)
#define OUT pipes_end(__LINE__, 1)

#endif
