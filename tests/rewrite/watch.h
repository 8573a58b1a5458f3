/* In the engine's place: writes down which accesses the clones tell of. Linked with --wrap, see the Makefile. */
#ifndef RACETRACK_TESTS_WATCH_H
#define RACETRACK_TESTS_WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum { WATCH_MOST = 1 << 16 };

struct watch_access {
	uintptr_t pc, address; /* pc: of what stands behind the instruction */
	uint64_t bytes;
	bool write, atomic;
};
extern struct watch_access watch_log[WATCH_MOST];
extern unsigned watch_count;

enum watch_mode {
	WATCH_SHORT, /* every check comes to the slow path, whose short way takes it */
	WATCH_LONG,  /* whose long way takes it */
	WATCH_NONE,  /* every check that can finds its access */
	WATCH_SOME,  /* some do */
	WATCH_MODES
};

/* The table that checks look at, the register that leads to it. False: the system does not let it be made. */
bool watch_open(void);
void watch_begin(enum watch_mode mode, uint64_t seed);

#endif
