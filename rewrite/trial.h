/* One run of a piece of code with all registers given.
 *
 * Who may include it: selftest.c, trial.S. */
#ifndef RACETRACK_REWRITE_TRIAL_H
#define RACETRACK_REWRITE_TRIAL_H

#define TRIAL_FLAGS   128
#define TRIAL_CODE    136
#define TRIAL_HOST    144
#define TRIAL_VECTORS 160
#define TRIAL_KEPT    672

#ifndef __ASSEMBLER__
#include "shadow/base.h"

/* Before the run and after it. The code returns by the address that rsp leads to, which the run puts there. */
struct rt_trial {
	uint64_t reg[16]; /* by number */
	uint64_t flags;
	uintptr_t code;
	uintptr_t host; /* the caller's stack */
	uint64_t unused;
	uint8_t vectors[512]; /* as fxsave has them: the lower halves, the x87's, their modes */
	uint8_t kept[512];    /* the caller's */
} __attribute__((aligned(16)));

/* One at a time. */
RT_HIDDEN void rt_trial_run(struct rt_trial *trial);
#endif

#endif
