/* What a function accesses, worked out without rewrite/: it is run step by step, and of each instruction Zydis tells the
 * operands in memory, the registers where they are, and the manual what else there is to know. One thread at a time. */
#ifndef RACETRACK_TESTS_REFERENCE_H
#define RACETRACK_TESTS_REFERENCE_H

#include "machine.h"

enum { REFERENCE_STEPS = 1 << 15, REFERENCE_ACCESSES = 1 << 16, REFERENCE_OWN = 0xfd };

struct reference_access {
	uintptr_t address;
	uint32_t bytes;
	bool read, write, atomic;
	bool put_off; /* a load that a conditional move takes or not: it may be told there, if it is taken */
	uint8_t base; /* how its address is made: 4: by rsp, 5: by rbp, 0xfe: by the program counter, REFERENCE_OWN: by
			 a constant in the thread's own block, else 0xff */
};

struct reference_step {
	uint32_t offset; /* of the instruction, and of what stands behind it */
	uint32_t after;
	uint32_t first, count; /* its accesses */
	bool leaves;           /* a call, a return, a fence, an atomic change */
	/* Of a conditional move, for both of its registers: the step that loaded it, from 1 on, or 0; which of the two it takes. */
	uint32_t loaded[2];
	unsigned takes;
};

struct reference_trace {
	struct reference_step steps[REFERENCE_STEPS];
	struct reference_access accesses[REFERENCE_ACCESSES];
	uint32_t step_count, access_count;
	bool full;
};

/* False: no Zydis. */
bool reference_open(void);
/* Another text is to be run. */
void reference_text(uintptr_t start, uint32_t bytes);
/* Runs what begins at `entry` until it returns. `look` is called before each instruction, whose step is the trace's last; or NULL. */
struct machine_fault reference_run(uintptr_t entry, const struct machine_state *before,
	struct machine_state *after, struct reference_trace *trace, void (*look)(void));

#endif
