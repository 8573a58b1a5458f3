/* Instructions and states to try: random ones of the whole opcode space, and what programs are made of. */
#ifndef RACETRACK_TESTS_INSTANCES_H
#define RACETRACK_TESTS_INSTANCES_H

#include "machine.h"
#include "rewrite/code.h"

/* False: no Zydis. */
bool instance_open(void);
void instance_seed(uint64_t seed);

/* A random value, often one at which something changes: small, 0, -1. */
uint64_t instance_word(void);
void instance_fill(struct machine_state *state);

/* 16 bytes that begin with an instruction, or do not. */
void instance_random(uint8_t *code);
/* Calls `visit` with what the program has that can be run; with nothing where it cannot be read. */
void instance_text_of_program(const char *path, void (*visit)(const struct rt_code *text));
/* Calls `visit` with one instruction of each form that the program's text has. */
void instance_of_program(const char *path, void (*visit)(const uint8_t *code));

/* Random ones, so many or RT_TEST_COUNT of the environment, from RT_TEST_SEED on; then those of the programs that are the arguments,
 * or, if there are none, of some with much written by hand. */
void instance_visit_all(unsigned count, int argc, char **argv, void (*visit)(const uint8_t *code));

/* It can be run here, and its result depends on nothing but what is set. */
bool instance_is_harmless(const uint8_t *code);
/* Flags that the manual leaves undefined, as in RFLAGS. */
uint64_t instance_undefined(const uint8_t *code);
/* What to call it in messages. */
const char *instance_name(const uint8_t *code);

/* The address of a memory operand, and making it `at` by registers or displacement. False: cannot be. */
uintptr_t instance_address(const struct rt_insn *insn, unsigned which, const uint64_t *regs);
bool instance_aim(uint8_t *code, const struct rt_insn *insn, unsigned which, uintptr_t at, uint64_t *regs);

#endif
