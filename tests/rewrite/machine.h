/* A machine for one instruction, or for a function: runs it with given registers, flags, vector state and memory, and tells
 * what became of them. The memory lies below 2 GiB, so that every kind of address can lead to it; it is seen through two windows, one of
 * them read-only, each between pages that nobody may touch. One thread at a time. */
#ifndef RACETRACK_TESTS_MACHINE_H
#define RACETRACK_TESTS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	MACHINE_PAGE = 4096,
	MACHINE_DATA_BYTES = 2 * MACHINE_PAGE,
	MACHINE_VECTOR_BYTES = 2816,
	MACHINE_BASE = 0x20000000,
	MACHINE_WRITABLE = MACHINE_BASE + MACHINE_PAGE, /* the windows' data */
	MACHINE_READABLE = MACHINE_WRITABLE + MACHINE_DATA_BYTES + MACHINE_PAGE,
	MACHINE_STACK = MACHINE_READABLE + MACHINE_DATA_BYTES + MACHINE_PAGE, /* MACHINE_DATA_BYTES, too */
	MACHINE_CODE = MACHINE_STACK + MACHINE_DATA_BYTES + MACHINE_PAGE,
	MACHINE_INSN = MACHINE_CODE + 64, /* where the instruction stands */
};

struct machine_state {
	uint64_t regs[16];
	uint64_t flags;
	uint8_t vectors[MACHINE_VECTOR_BYTES] __attribute__((aligned(64))); /* as xsave writes them */
};

struct machine_fault {
	int signal; /* 0: there was none */
	uintptr_t address, pc;
};

/* False: the system does not let it be made. */
bool machine_open(void);

/* Floating-point state as a program has it when it starts, for the caller to fill in. */
void machine_fresh(struct machine_state *state);

/* Runs the instruction, which goes on with the next. Memory stays as it leaves it. */
struct machine_fault machine_run(
	const uint8_t *insn, unsigned bytes, const struct machine_state *before, struct machine_state *after);

/* Runs the code at `entry` until it returns: regs[4] is where its return address is put. */
struct machine_fault machine_call(
	uintptr_t entry, const struct machine_state *before, struct machine_state *after);
/* The same by steps: `step` is called before each instruction in [low, high), with its ucontext_t. */
struct machine_fault machine_call_by_steps(uintptr_t entry, const struct machine_state *before,
	struct machine_state *after, uintptr_t low, uintptr_t high, void (*step)(void *context));

/* Registers x87, vector and mask alike; pointers to what the x87 did last are no part of it. */
bool machine_same_vectors(const struct machine_state *a, const struct machine_state *b);

#endif
