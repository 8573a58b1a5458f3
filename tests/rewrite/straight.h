/* Random straight-line code, and runs of it from any of its instructions on, for patch_test.c. */
#ifndef RACETRACK_TESTS_REWRITE_STRAIGHT_H
#define RACETRACK_TESTS_REWRITE_STRAIGHT_H

#include <stdbool.h>
#include <stdint.h>

enum { INSNS_MOST = 400, CODE_MOST = 3 * 4096 };

enum straight_kind { PLAIN, CALL, JUMP, END };

struct straight_insn {
	uint32_t offset;
	uint8_t bytes;
	uint8_t kind;
	uint8_t padding; /* JUMP: bytes behind it that it jumps over */
};

struct straight {
	uint8_t code[CODE_MOST];
	uint32_t bytes;
	struct straight_insn insns[INSNS_MOST + 1]; /* the last is the END */
	uint32_t count;
	uint32_t helper; /* what CALLs call */
};

struct straight_result {
	uint64_t registers[14]; /* rax rcx rdx rbx rsp rbp rsi rdi r8 to r13 */
	uint64_t flags, stack;  /* a hash of its words */
};

extern uint64_t straight_random_state;

static inline uint32_t random_below(uint32_t limit)
{
	straight_random_state ^= straight_random_state << 13;
	straight_random_state ^= straight_random_state >> 7;
	straight_random_state ^= straight_random_state << 17;
	return (uint32_t)((straight_random_state >> 16) % limit);
}

void straight_make(struct straight *straight, uint32_t insns);

/* Runs what begins at `address` until it jumps to r15: the END does. */
struct straight_result straight_run(const void *address);

#endif
