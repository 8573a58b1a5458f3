/* A generated text is rewritten, as rewrite.c does it with a module. One at a time. */
#ifndef RACETRACK_TESTS_CLONES_H
#define RACETRACK_TESTS_CLONES_H

#include "generate.h"

struct clones {
	bool cloned[GENERATE_FUNCTIONS]; /* else it is as it was */
	bool whole[GENERATE_FUNCTIONS];  /* every entry leads into the clone */
	bool hands_flags;                /* from function to function: they count when one returns */
	unsigned entries, unpatched;
	uint32_t unused
		[GENERATE_TEXT_BYTES]; /* of the load at an offset: bytes that are not checked, see rewrite/lanes.h */
};

/* False: the system does not let the text's memory be had. */
bool clones_open(void);
/* The text as it was generated, in its place. */
void clones_write_original(const struct generated *it);
/* Clones in its place. NULL; else what went wrong. */
const char *clones_make(const struct generated *it, struct clones *clones);
/* Takes them away again. */
void clones_remove(void);

#endif
