/* What rt_vector says that the bytes of a result come from, beside what the processor does: instructions are run again with all
 * other bytes of vector registers and of the operand in memory changed, and the bytes of the result that were asked for must be
 * what they were. Random ones of the whole opcode space, and those of programs; RT_TEST_COUNT and RT_TEST_SEED in the environment. */
#include "instances.h"
#include "machine.h"

#include "rewrite/decode.h"
#include "rewrite/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	INSTANCES = 400000,
	STATES = 4,
	MOST_SHOWN = 40,
	WINDOW = 256,
	XMM = 160, /* in what xsave writes */
	YMM_UPPER = 576,
	HALF = 16,
};

static struct {
	unsigned tried, ran, faulted, known, dropping, learnt, wrong;
} counts;

struct instance {
	uint8_t code[16];
	struct rt_insn insn;
	struct rt_vector vector;
	uint8_t learnt; /* where the source that was told to rt_vector_learn comes from */
	struct machine_state before, after;
	uint8_t memory[WINDOW], result[WINDOW];
};

static void complain(const struct instance *it, const char *what)
{
	if (counts.wrong++ >= MOST_SHOWN)
		return;
	for (unsigned i = 0; i < it->insn.bytes; i++)
		fprintf(stderr, "%02x ", it->code[i]);
	fprintf(stderr, "%s (%s)\n", what, instance_name(it->code));
}

static bool decode(struct instance *it)
{
	uint8_t code[64] = {0};
	memcpy(code, it->code, sizeof(it->code));
	struct rt_code text = {MACHINE_INSN, 64, code};
	return rt_decode(&text, 0, 15, &it->insn);
}

static uint8_t *window(void)
{
	return (uint8_t *)(uintptr_t)MACHINE_WRITABLE + MACHINE_PAGE - WINDOW / 2;
}

static struct machine_fault run(const struct instance *it, const struct machine_state *before,
	const uint8_t *memory, struct machine_state *after, uint8_t *result)
{
	memcpy(window(), memory, WINDOW);
	struct machine_fault fault = machine_run(it->code, it->insn.bytes, before, after);
	memcpy(result, window(), WINDOW);
	return fault;
}

static uint8_t *byte_of(struct machine_state *state, unsigned reg, unsigned byte)
{
	return &state->vectors[byte < HALF ? XMM + HALF * reg + byte : YMM_UPPER + HALF * reg + byte - HALF];
}

static uint8_t value_of(const struct machine_state *state, unsigned reg, unsigned byte)
{
	return state->vectors[byte < HALF ? XMM + HALF * reg + byte : YMM_UPPER + HALF * reg + byte - HALF];
}

/* ---- changing what is not needed ---- */

static uint32_t needed_of(const struct instance *it, uint8_t from, uint32_t wanted)
{
	const struct rt_vector *vector = &it->vector;
	uint32_t needed = from == it->learnt ? RT_VECTOR_ALL : 0;
	for (unsigned source = 0; source < vector->count; source++)
		if (vector->from[source] == from)
			needed |= rt_vector_needs(vector, source, vector->always ? RT_VECTOR_ALL : wanted);
	return needed;
}

static void change_registers(const struct instance *it, uint32_t wanted, struct machine_state *before)
{
	const struct rt_vector *vector = &it->vector;
	for (unsigned reg = 0; reg < RT_VECTORS; reg++) {
		uint32_t needed = needed_of(it, (uint8_t)reg, wanted);
		needed |= reg == vector->to ? ~vector->written : 0;
		for (unsigned byte = 0; byte < RT_VECTOR_BYTES; byte++)
			if (!(needed >> byte & 1))
				*byte_of(before, reg, byte) ^= (uint8_t)(instance_word() | 1);
	}
}

static bool reads_memory(const struct instance *it)
{
	for (unsigned source = 0; source < it->vector.count; source++)
		if (it->vector.from[source] == RT_VECTOR_MEMORY)
			return it->insn.memories == 1 && !it->insn.memory[0].write;
	return false;
}

static void change_memory(const struct instance *it, uint32_t wanted, uint8_t *memory)
{
	uint32_t needed = needed_of(it, RT_VECTOR_MEMORY, wanted);
	for (unsigned byte = 0; byte < it->insn.memory[0].bytes; byte++)
		if (byte >= RT_VECTOR_BYTES || !(needed >> byte & 1))
			memory[WINDOW / 2 + byte] ^= (uint8_t)(instance_word() | 1);
}

static bool is_same(const struct instance *it, uint32_t wanted, const struct machine_state *after,
	const uint8_t *result, bool memory_changed)
{
	const struct rt_vector *vector = &it->vector;
	uint64_t undefined = instance_undefined(it->code);
	for (unsigned byte = 0; vector->to < RT_VECTORS && byte < RT_VECTOR_BYTES; byte++)
		if (wanted & vector->written & 1u << byte &&
			value_of(after, vector->to, byte) != value_of(&it->after, vector->to, byte))
			return false;
	return !memcmp(after->regs, it->after.regs, sizeof(after->regs)) &&
	       !((after->flags ^ it->after.flags) & ~undefined) &&
	       (memory_changed || !memcmp(result, it->result, WINDOW));
}

static bool check_wanted(const struct instance *it, uint32_t wanted)
{
	struct machine_state before = it->before, after;
	uint8_t memory[WINDOW], result[WINDOW];
	bool in_memory = reads_memory(it);
	memcpy(memory, it->memory, WINDOW);
	change_registers(it, wanted, &before);
	if (in_memory)
		change_memory(it, wanted, memory);
	return !run(it, &before, memory, &after, result).signal &&
	       is_same(it, wanted, &after, result, in_memory);
}

/* ---- an instruction ---- */

static void fill(struct instance *it)
{
	instance_fill(&it->before);
	it->before.regs[RT_RSP] = MACHINE_STACK + MACHINE_PAGE;
	for (unsigned reg = 0; reg < RT_VECTORS; reg++)
		for (unsigned byte = 0; byte < RT_VECTOR_BYTES; byte++)
			*byte_of(&it->before, reg, byte) = (uint8_t)instance_word();
	for (unsigned at = 0; at < WINDOW; at++)
		it->memory[at] = (uint8_t)instance_word();
}

/* False: it can't be run. */
static bool prepare(struct instance *it)
{
	if (it->insn.memories > 1 || (it->insn.memories && it->insn.memory[0].form != RT_FORM_PLAIN))
		return false;
	fill(it);
	if (it->insn.memories &&
		!instance_aim(it->code, &it->insn, 0, MACHINE_WRITABLE + MACHINE_PAGE, it->before.regs))
		return false;
	if (!decode(it) || run(it, &it->before, it->memory, &it->after, it->result).signal) {
		counts.faulted++;
		return false;
	}
	return true;
}

/* Tells it what a source holds, as if that were a constant. */
static void learn(struct instance *it, unsigned source)
{
	uint8_t from = it->vector.from[source], known[RT_VECTOR_BYTES] = {0};
	for (unsigned i = 0; i < RT_VECTOR_BYTES; i++)
		if (from < RT_VECTORS)
			known[i] = value_of(&it->before, from, i);
		else if (i < it->insn.memory[0].bytes)
			known[i] = it->memory[WINDOW / 2 + i];
	it->learnt = from;
	rt_vector_learn(&it->vector, source, known);
	counts.learnt++;
}

static bool drops(const struct rt_vector *vector, uint32_t wanted)
{
	for (unsigned source = 0; source < vector->count; source++) {
		uint32_t needed = rt_vector_needs(vector, source, wanted);
		if (needed && ~needed & ((1u << HALF) - 1))
			return true;
	}
	return false;
}

static void check(const uint8_t *code)
{
	struct instance it;
	memcpy(it.code, code, sizeof(it.code));
	counts.tried++;
	if (!decode(&it) || it.insn.flow != RT_FLOW_NEXT || !instance_is_harmless(it.code))
		return;
	if (!rt_vector_read(it.code, it.insn.bytes, &it.vector) || it.vector.everything)
		return;
	if (!rt_vector_may_be(it.code, it.insn.bytes))
		complain(&it, "it is not taken for one of vectors");
	for (unsigned i = 0; i < STATES; i++) {
		uint32_t wanted = i ? (uint32_t)(instance_word() ^ instance_word() << 7) : RT_VECTOR_ALL;
		if (!prepare(&it))
			return;
		it.learnt = RT_VECTOR_NONE;
		if (i == STATES - 1 && it.vector.role != RT_VECTOR_PLAIN)
			learn(&it, (unsigned)instance_word() % it.vector.count);
		counts.ran += !i;
		counts.known += !i && !it.vector.is_other;
		counts.dropping += !i && !it.vector.is_other && drops(&it.vector, wanted);
		if (!check_wanted(&it, wanted)) {
			complain(&it, "what is said not to be needed is");
			return;
		}
	}
}

int main(int argc, char **argv)
{
	const char *why = rt_decode_open();
	if (why || !instance_open() || !machine_open()) {
		printf("%s\n", why ? why : "no memory, or no Zydis");
		return 1;
	}
	instance_visit_all(INSTANCES, argc, argv, check);
	printf("%u of %u instructions run, %u faulted; of %u it is known what comes from where, %u leave "
	       "some away, %u "
	       "masks; %u wrong\n",
		counts.ran, counts.tried, counts.faulted, counts.known, counts.dropping, counts.learnt,
		counts.wrong);
	return counts.wrong || !counts.dropping || !counts.learnt;
}
