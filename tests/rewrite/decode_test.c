/* rt_decode beside a table that was checked by hand, and what it remembers beside what it finds out anew: every field, of
 * all instructions of some programs and of random ones. Programs may be named as arguments. Then tells how long it takes. */
#include "instances.h"

#include "rewrite/decode.h"
#include "rewrite/describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_BYTES = 4096, RANDOM = 300000 };

static unsigned wrong, rows, compared;

/* ---- an instruction in words ---- */

struct words {
	char text[512];
	unsigned used;
};

static void say(struct words *words, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int bytes = vsnprintf(words->text + words->used, sizeof(words->text) - words->used, format, list);
	va_end(list);
	words->used += (unsigned)bytes;
}

static const char *const names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10",
	"r11", "r12", "r13", "r14", "r15", "C", "P", "A", "Z", "S", "O"};

static void say_set(struct words *words, const char *what, rt_regs_t set)
{
	const char *before = what;
	if ((set & RT_REGS_ALL) == RT_REGS_ALL) {
		say(words, "%sall", before);
		before = ",";
		set &= ~RT_REGS_ALL;
	}
	if ((set & RT_FLAGS_ALL) == RT_FLAGS_ALL) {
		say(words, "%sflags", before);
		before = ",";
		set &= ~RT_FLAGS_ALL;
	}
	for (unsigned i = 0; i < RT_COUNT(names); i++)
		if (set >> i & 1) {
			say(words, "%s%s", before, names[i]);
			before = ",";
		}
}

static void say_memory(struct words *words, const struct rt_memory *memory)
{
	static const char *const forms[] = {"", " string", " spread", " other"};
	static const char *const spreads[] = {
		"", " searches", " bit", " al", " elements", " packed", " any", " gathers"};
	static const char *const skips[] = {[RT_SKIP_THREAD] = " thread",
		[RT_SKIP_STATE] = " state",
		[RT_SKIP_FORM] = " form",
		[RT_SKIP_COUNT] = NULL};
	static const char *const segments[] = {"", "fs:", "gs:"};
	say(words, " %s%s%u[%s", memory->read ? "r" : "", memory->write ? "w" : "", memory->bytes,
		segments[memory->segment]);
	if (memory->base != RT_REG_NONE)
		say(words, "%s+", memory->base == RT_REG_PC ? "place" : names[memory->base]);
	if (memory->index != RT_REG_NONE)
		say(words, "%s*%u+", names[memory->index], memory->scale);
	say(words, "%lld]%s%s%s%s", (long long)memory->displacement, forms[memory->form],
		memory->repeated ? " repeated" : "", memory->skip ? skips[memory->skip] : "",
		memory->narrow ? " narrow" : "");
	if (memory->spread)
		say(words, "%s %u %u %x", spreads[memory->spread], memory->vector, memory->mask,
			memory->elements);
}

static void say_flow(struct words *words, const struct rt_insn *insn)
{
	static const char *const flows[] = {
		"", " branch", " loop", " jump", " indirect", " call", " return", " stop"};
	say(words, "%s", flows[insn->flow]);
	if (insn->flow == RT_FLOW_BRANCH || insn->flow == RT_FLOW_LOOP)
		say(words, ":%x", insn->condition);
	if (insn->chooses)
		say(words, " chooses:%x", insn->condition);
	if (insn->target == RT_FAR_TARGET)
		say(words, " far");
	else if (insn->target != RT_NO_TARGET)
		say(words, " to:%d", insn->target);
	if (insn->pc_relative)
		say(words, " pc:%u", insn->pc_relative);
}

/* rsp is left out of what is used: it always is. */
static void say_insn(struct words *words, const struct rt_insn *insn)
{
	say(words, "%u", insn->bytes);
	say_flow(words, insn);
	bool all = (insn->uses & RT_REGS_ALL) == RT_REGS_ALL;
	say_set(words, " uses:", all ? insn->uses : insn->uses & ~(1u << RT_RSP));
	say_set(words, " sets:", insn->sets);
	if (insn->changes != (insn->sets & RT_REGS_ALL))
		say_set(words, " changes:", insn->changes);
	for (unsigned i = 0; i < insn->memories; i++)
		say_memory(words, &insn->memory[i]);
	if (insn->prefetches) {
		say(words, " prefetches:");
		say_memory(words, &insn->memory[0]);
	}
	say(words, "%s%s%s%s%s%s", insn->is_nop ? " nop" : "", insn->is_landing ? " landing" : "",
		insn->is_locked ? " locked" : "", insn->is_fence ? " fence" : "",
		insn->takes_frame ? " frame" : "", insn->sets_rbp_frame ? " rbp" : "");
}

/* ---- the table ---- */

struct row {
	const char *bytes, *name, *expected;
};
static const struct row table[] = {
#define RT_ROW(bytes, name, expected) {bytes, name, expected},
#include "decode_table.def"
#undef RT_ROW
};

static void check_row(const struct row *row)
{
	uint8_t code[32] = {0};
	struct rt_code text = {MACHINE_CODE, 32, code};
	struct rt_insn insn = {0};
	struct words words = {"", 0};
	unsigned bytes = 0;
	for (char *at = (char *)(uintptr_t)row->bytes; *at; bytes++)
		code[bytes] = (uint8_t)strtoul(at, &at, 16);
	if (!rt_decode(&text, 0, bytes, &insn))
		say(&words, "refused");
	else
		say_insn(&words, &insn);
	rows++;
	if (strcmp(words.text, row->expected)) {
		fprintf(stderr, "RT_ROW(\"%s\", \"%s\", \"%s\")\n", row->bytes, row->name, words.text);
		wrong++;
	}
	/* one byte less is no instruction */
	if (insn.bytes == bytes && rt_decode(&text, 0, bytes - 1, &insn)) {
		fprintf(stderr, "%s: not all of its bytes are needed\n", row->name);
		wrong++;
	}
}

/* ---- remembered and anew ---- */

static void place(const struct rt_code *text, uint32_t offset, struct rt_description *description)
{
	struct rt_insn *insn = &description->insn;
	int64_t target = description->relative + offset;
	insn->offset = offset;
	if ((insn->memories || insn->prefetches || insn->addresses) && insn->memory[0].base == RT_REG_PC)
		insn->memory[0].displacement += offset;
	if (description->has_relative)
		insn->target = target >= 0 && target < text->bytes ? (int32_t)target : RT_FAR_TARGET;
}

/* Returns the instruction's length; 1 where there is none. */
static unsigned compare(const struct rt_code *text, uint32_t offset, uint32_t end)
{
	struct rt_insn insn;
	struct rt_description anew;
	bool is = rt_decode(text, offset, end, &insn),
	     is_anew = rt_describe(text->code + offset, end - offset, &anew);
	if (is_anew)
		place(text, offset, &anew);
	compared++;
	if (is == is_anew && (!is || !memcmp(&insn, &anew.insn, sizeof(insn))))
		return is ? insn.bytes : 1;
	if (wrong++ < 20) {
		struct words words[2] = {{"", 0}, {"", 0}};
		for (unsigned i = 0; i < 15 && offset + i < text->bytes; i++)
			fprintf(stderr, "%02x ", text->code[offset + i]);
		if (is)
			say_insn(&words[0], &insn);
		if (is_anew)
			say_insn(&words[1], &anew.insn);
		fprintf(stderr, "is remembered as %s, is %s\n", words[0].text, words[1].text);
	}
	return is ? insn.bytes : 1;
}

static void compare_text(const struct rt_code *text)
{
	for (uint32_t at = 0; at < text->bytes;)
		at += compare(text, at, text->bytes);
}

static void compare_random(void)
{
	uint8_t code[64];
	for (unsigned i = 0; i < RANDOM; i++) {
		memset(code, (int)i, sizeof(code));
		instance_random(code + i % 32);
		compare(&(struct rt_code){0, sizeof(code), code}, i % 32, i % 32 + 16);
	}
}

/* ---- how long it takes ---- */

static struct {
	uint64_t ns, insns, texts;
} speed;

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void time_text(const struct rt_code *text)
{
	struct rt_insn insn;
	uint64_t start = now_ns();
	for (uint32_t at = 0; at < text->bytes; at += insn.bytes, speed.insns++)
		if (!rt_decode(text, at, text->bytes, &insn))
			insn.bytes = 1;
	speed.ns += now_ns() - start;
	speed.texts++;
	compare_text(text);
}

int main(int argc, char **argv)
{
	static const char *const programs[] = {"/lib/x86_64-linux-gnu/libc.so.6",
		"/lib/x86_64-linux-gnu/libcrypto.so.3", "/lib/x86_64-linux-gnu/libsqlite3.so.0",
		"/usr/bin/python3"};
	const char *why = rt_decode_open();
	if (why || !instance_open()) {
		printf("%s\n", why ? why : "no Zydis");
		return 1;
	}
	for (unsigned i = 0; i < RT_COUNT(table); i++)
		check_row(&table[i]);
	instance_seed(1);
	compare_random();
	if (argc == 1)
		for (unsigned i = 0; i < RT_COUNT(programs); i++)
			instance_text_of_program(programs[i], time_text);
	for (int i = 1; i < argc; i++)
		instance_text_of_program(argv[i], time_text);
	printf("%u rows, %u instructions remembered and anew, %.1f ns each in %lu texts; %u wrong\n", rows,
		compared, speed.insns ? (double)speed.ns / (double)speed.insns : 0,
		(unsigned long)speed.texts, wrong);
	return wrong != 0;
}
