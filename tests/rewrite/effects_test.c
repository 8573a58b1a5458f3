/* What rt_decode says that instructions read and write, beside what the processor does: instructions are run again with
 * everything changed that they are said not to read, and what they are said not to write must be as it was. Random ones of
 * the whole opcode space, and those of the programs named as arguments; RT_TEST_COUNT and RT_TEST_SEED in the environment. */
#include "instances.h"
#include "machine.h"

#include "rewrite/decode.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 512, INSTANCES = 250000, STATES = 3, MOST_SHOWN = 40 };

static struct {
	unsigned tried, ran, faulted, left_out, exact, wrong;
} counts;

/* An instance: one instruction in one state. */
struct instance {
	uint8_t code[16];
	struct rt_insn insn;
	struct machine_state before, after;
	uint8_t memory[2][WINDOW], result[2][WINDOW]; /* around the data's middle; the stack's */
};

static uint64_t flags_of(rt_regs_t set)
{
	rt_regs_t flags = set >> 16;
	return (flags & 1) | (flags & 2) << 1 | (flags & 4) << 2 | (flags & 8) << 3 | (flags & 16) << 3 |
	       (flags & 32) << 6;
}

static uint8_t *window_of(unsigned which)
{
	uintptr_t data = which ? MACHINE_STACK : MACHINE_WRITABLE;
	return (uint8_t *)data + MACHINE_PAGE - WINDOW / 2;
}

static bool complain(const struct instance *it, const char *format, ...)
{
	va_list list;
	if (counts.wrong++ < MOST_SHOWN) {
		for (unsigned i = 0; i < it->insn.bytes; i++)
			fprintf(stderr, "%02x ", it->code[i]);
		va_start(list, format);
		vfprintf(stderr, format, list);
		va_end(list);
		fprintf(stderr, " (%s; uses %x sets %x changes %x)\n", instance_name(it->code), it->insn.uses,
			it->insn.sets, it->insn.changes);
	}
	return false;
}

/* ---- running ---- */

static bool is_irregular(const struct rt_insn *insn)
{
	for (unsigned i = 0; i < insn->memories; i++)
		if (insn->memory[i].form >= RT_FORM_SPREAD || insn->memory[i].bytes > 64)
			return true;
	return false;
}

static bool decode(struct instance *it)
{
	struct rt_code text = {MACHINE_INSN, 64, it->code};
	uint8_t code[64] = {0};
	memcpy(code, it->code, sizeof(it->code));
	text.code = code;
	return rt_decode(&text, 0, 15, &it->insn);
}

static struct machine_fault run(const struct instance *it, const struct machine_state *before,
	struct machine_state *after, uint8_t result[2][WINDOW])
{
	if (is_irregular(&it->insn)) { /* a bit's number leads anywhere */
		memset((void *)(uintptr_t)MACHINE_WRITABLE, 0, MACHINE_DATA_BYTES);
		memset((void *)(uintptr_t)MACHINE_STACK, 0, MACHINE_DATA_BYTES);
		memset((void *)(uintptr_t)MACHINE_CODE, 0, MACHINE_PAGE);
	}
	for (unsigned i = 0; i < 2; i++)
		memcpy(window_of(i), it->memory[i], WINDOW);
	struct machine_fault fault = machine_run(it->code, it->insn.bytes, before, after);
	for (unsigned i = 0; i < 2; i++)
		memcpy(result[i], window_of(i), WINDOW);
	return fault;
}

/* ---- registers and flags ---- */

/* What is written is said to be; what is said to be is said completely. */
static bool check_changes(const struct instance *it)
{
	const struct rt_insn *insn = &it->insn;
	uint64_t told = flags_of(insn->uses | insn->sets) | instance_undefined(it->code);
	uint64_t flags = (it->before.flags ^ it->after.flags) & flags_of(RT_FLAGS_ALL) & ~told;
	if (insn->changes & ~(insn->uses | insn->sets) || insn->sets & RT_REGS_ALL & ~insn->changes)
		return complain(it, "sets that do not agree");
	for (unsigned i = 0; i < RT_REGISTERS; i++)
		if (it->before.regs[i] != it->after.regs[i] && !(insn->changes >> i & 1))
			return complain(it, "register %u changes", i);
	return !flags || complain(it, "flags %lx change", flags);
}

/* The outcome with other values of `other`, registers and flags that are not used. */
static bool check_unused(const struct instance *it, rt_regs_t other)
{
	struct machine_state before = it->before, after;
	const struct rt_insn *insn = &it->insn;
	uint8_t result[2][WINDOW];
	uint64_t passing = flags_of(other & ~insn->sets),
		 undefined = instance_undefined(it->code) & ~flags_of(insn->sets);
	for (unsigned i = 0; i < RT_REGISTERS; i++)
		if (other >> i & 1)
			before.regs[i] = instance_word();
	before.flags ^= flags_of(other);
	if (run(it, &before, &after, result).signal)
		return complain(it, "%x is used: a fault", other);
	for (unsigned i = 0; i < RT_REGISTERS; i++) {
		bool passes = other >> i & 1 && !(insn->changes >> i & 1);
		if (after.regs[i] != (passes ? before.regs[i] : it->after.regs[i]))
			return complain(it, "%x is used: register %u", other, i);
	}
	if ((after.flags ^ it->after.flags) & flags_of(RT_FLAGS_ALL) & ~(passing | undefined))
		return complain(it, "%x is used: flags %lx", other, after.flags ^ it->after.flags);
	if ((after.flags ^ before.flags) & passing & ~undefined)
		return complain(it, "%x is changed", other);
	if (!machine_same_vectors(&after, &it->after))
		return complain(it, "%x is used: vectors", other);
	return !memcmp(result, it->result, sizeof(result)) || complain(it, "%x is used: memory", other);
}

static bool check_uses(const struct instance *it)
{
	rt_regs_t unused = RT_LIVE_ALL & ~it->insn.uses;
	unsigned wrong = counts.wrong;
	if (check_unused(it, unused))
		return true;
	for (unsigned i = 0; i < 22; i++)
		if (unused >> i & 1)
			check_unused(it, 1u << i);
	return counts.wrong == wrong;
}

/* ---- memory ---- */

static bool is_written(const struct instance *it, uintptr_t byte)
{
	for (unsigned i = 0; i < it->insn.memories; i++) {
		uintptr_t at = instance_address(&it->insn, i, it->before.regs);
		unsigned times = it->insn.memory[i].repeated ? (unsigned)it->before.regs[RT_RCX] : 1;
		uintptr_t bytes = it->insn.memory[i].bytes * times;
		if (it->insn.memory[i].repeated && it->before.flags & 1u << 10)
			at -= bytes - it->insn.memory[i].bytes;
		if (it->insn.memory[i].write && byte - at < bytes)
			return true;
	}
	uintptr_t stack = it->before.regs[RT_RSP] - 8;
	return it->insn.changes >> RT_RSP & 1 && byte - stack < 8;
}

static bool check_written(const struct instance *it)
{
	for (unsigned i = 0; i < 2; i++)
		for (unsigned at = 0; at < WINDOW; at++)
			if (it->memory[i][at] != it->result[i][at] &&
				!is_written(it, (uintptr_t)window_of(i) + at))
				return complain(it, "memory changes");
	return true;
}

/* The bytes of a plain operand, at both ends of a page behind which there is nothing, and where nothing may be written. */
static struct machine_fault run_at(const struct instance *it, uintptr_t at)
{
	struct instance moved = *it;
	struct machine_state after;
	uint8_t result[2][WINDOW];
	if (!instance_aim(moved.code, &moved.insn, 0, at, moved.before.regs) || !decode(&moved))
		return (struct machine_fault){.signal = -1};
	return run(&moved, &moved.before, &after, result);
}

static bool check_extent(const struct instance *it)
{
	const struct rt_memory *memory = &it->insn.memory[0];
	uintptr_t low = MACHINE_WRITABLE, high = low + MACHINE_DATA_BYTES;
	if (it->insn.memories != 1 || memory->repeated || memory->base == RT_RSP || memory->index == RT_RSP)
		return true;
	struct machine_fault inside = run_at(it, high - memory->bytes),
			     above = run_at(it, high - memory->bytes + 1);
	struct machine_fault first = run_at(it, low), below = run_at(it, low - 1);
	struct machine_fault locked = run_at(it, low + MACHINE_READABLE - MACHINE_WRITABLE);
	if (inside.signal == -1 || first.signal == -1 || locked.signal == -1)
		return true;
	if ((inside.signal == SIGSEGV && inside.address == high) ||
		(first.signal == SIGSEGV && first.address))
		return complain(it, "more than %u bytes", memory->bytes);
	if (inside.signal || first.signal)
		return true; /* a division's overflow, a boundary that it must have */
	if (!above.signal || !below.signal)
		return complain(it, "less than %u bytes", memory->bytes);
	if (locked.signal && locked.signal != SIGSEGV)
		return true;
	if (locked.signal ? !memory->write && locked.address : memory->write)
		return complain(it, "written: %d", locked.signal != 0);
	counts.exact++;
	return true;
}

/* What is written and not read is written as a whole, and nothing depends on what was there. */
static bool check_unread(const struct instance *it)
{
	struct instance other = *it;
	const struct rt_memory *memory = &it->insn.memory[0];
	if (it->insn.memories != 1 || memory->read || memory->repeated)
		return true;
	unsigned which = memory->base == RT_RSP;
	uintptr_t at = instance_address(&it->insn, 0, it->before.regs) - (uintptr_t)window_of(which);
	for (unsigned i = 0; i < memory->bytes; i++)
		other.memory[which][at + i] ^= 0xff;
	struct machine_state after;
	if (run(&other, &other.before, &after, other.result).signal ||
		memcmp(other.result, it->result, sizeof(it->result)) ||
		!machine_same_vectors(&after, &it->after) ||
		memcmp(after.regs, it->after.regs, sizeof(after.regs)))
		return complain(it, "the memory is read");
	return true;
}

/* ---- the whole ---- */

static void fill(struct instance *it)
{
	instance_fill(&it->before);
	it->before.regs[RT_RSP] = MACHINE_STACK + MACHINE_PAGE;
	for (unsigned i = 0; i < 2; i++)
		for (unsigned at = 0; at < WINDOW; at += 8)
			memcpy(it->memory[i] + at, &(uint64_t){instance_word()}, 8);
	/* popf takes its flags from here */
	memcpy(it->memory[1] + WINDOW / 2, &(uint64_t){(instance_word() & 0xcd5) | 0x202}, 8);
}

/* All operands in the middle of their windows. */
static bool aim(struct instance *it)
{
	for (unsigned i = 0; i < it->insn.memories; i++) {
		bool stack = it->insn.memory[i].base == RT_RSP;
		uintptr_t middle = (stack ? MACHINE_STACK : MACHINE_WRITABLE) + MACHINE_PAGE;
		if (!instance_aim(it->code, &it->insn, i, middle + 64 * i, it->before.regs))
			return false;
		if (it->insn.memory[i].repeated)
			it->before.regs[RT_RCX] = instance_word() % 4;
	}
	return decode(it);
}

/* ldtilecfg, of a memory that holds no description of tiles. */
static bool is_refused(const struct instance *it, struct machine_fault fault)
{
	return it->code[0] == 0xc4 && (it->code[1] & 31) == 2 && it->code[3] == 0x49 && !fault.address;
}

static bool check_state(struct instance *it)
{
	fill(it);
	if (!aim(it))
		return true;
	struct machine_fault fault = run(it, &it->before, &it->after, it->result);
	/* the stack itself was moved away so that an operand that is found by rsp is where it is wanted */
	bool away = it->insn.changes >> RT_RSP & 1 && it->insn.memory[0].base == RT_RSP;
	if (fault.signal == SIGSEGV && it->insn.memories && !is_irregular(&it->insn) && !away &&
		!is_refused(it, fault))
		return complain(it, "goes to %lx", fault.address);
	if (fault.signal) {
		counts.faulted++;
		return true;
	}
	counts.ran++;
	if (!check_changes(it) || !check_uses(it))
		return false;
	return is_irregular(&it->insn) || (check_written(it) && check_extent(it) && check_unread(it));
}

static void check(const uint8_t *code)
{
	static struct instance it;
	memcpy(it.code, code, sizeof(it.code));
	counts.tried++;
	if (!decode(&it) || it.insn.flow != RT_FLOW_NEXT || !instance_is_harmless(it.code)) {
		counts.left_out++;
		return;
	}
	for (unsigned i = 0; i < STATES; i++)
		if (!check_state(&it))
			return;
}

int main(int argc, char **argv)
{
	const char *why = rt_decode_open();
	if (why || !instance_open() || !machine_open()) {
		printf("%s\n", why ? why : "no memory, or no Zydis");
		return 1;
	}
	instance_visit_all(INSTANCES, argc, argv, check);
	printf("%u of %u instructions run, %u faulted, %u left out; the extent of %u memories seen; %u "
	       "wrong\n",
		counts.ran, counts.tried, counts.faulted, counts.left_out, counts.exact, counts.wrong);
	return counts.wrong != 0;
}
