/* Random functions beside their clones: registers, flags, vectors and memory afterwards, and which accesses the clones told
 * of, beside what the functions were seen to access step by step. A failure is made as small as it gets.
 *
 * RT_TEST_COUNT functions (a number) from the seed RT_TEST_SEED on; `SEED` as an argument: that text alone. */
#include "clones.h"
#include "instances.h"
#include "reference.h"
#include "watch.h"

#include "rewrite/decode.h"
#include "rewrite/slow.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FUNCTIONS = 3000,
	STACK_ABOVE = 256, /* bytes that callers have there */
	ROUNDS_MOST = 400,
	FAULTS_SHOWN = 4,
	FLAGS_ALL = 0xcd5,
	FLAG_DF = 0x400,
};

/* What the child does and the parent has to know. */
static struct {
	uint64_t seed;
	uint64_t texts, functions, cloned, whole, accesses, skipped, unsteady, faulted, spoiled;
	char why[512];
	bool in_clones; /* it runs them; before that, what does not end does so by itself */
	uint8_t removed[GENERATE_PARTS];
} * shared;

/* What a run leaves behind. */
struct outcome {
	struct machine_fault fault;
	struct machine_state state;
	uint8_t data[MACHINE_DATA_BYTES], stack[STACK_ABOVE], own[sizeof(generate_own)];
};

static struct generated text;
static struct machine_state inputs[GENERATE_FUNCTIONS];
static struct outcome expected[GENERATE_FUNCTIONS], got;
static struct reference_trace traces[GENERATE_FUNCTIONS];
static struct clones clones;
static uint64_t data[MACHINE_DATA_BYTES / 8];

static bool fail(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	vsnprintf(shared->why, sizeof(shared->why), format, list);
	va_end(list);
	return false;
}

/* ---- runs ---- */

static void fill_memory(void)
{
	memcpy((void *)MACHINE_WRITABLE, data, sizeof(data));
	memcpy(generate_own, data, sizeof(generate_own));
	memset((void *)(GENERATE_SP - 0x4000), 0x5a, 0x4000 + STACK_ABOVE);
}

static void fill(uint64_t seed)
{
	generate_seed(seed ^ 0x5eed);
	for (unsigned i = 0; i < MACHINE_DATA_BYTES / 8; i++)
		data[i] = instance_word();
	for (unsigned f = 0; f < text.function_count; f++) {
		instance_fill(&inputs[f]);
		inputs[f].regs[4] = GENERATE_SP;
		inputs[f].flags &= ~(uint64_t)FLAG_DF;
	}
	for (unsigned i = 0; i < 64; i++)
		text.vectors[i] = i >= 32            ? (generate_random() % 2 ? ~0u : 0)
				  : i >= 16 && i % 2 ? 0
						     : (uint32_t)(generate_random() % 128);
}

static void note_memory(struct outcome *outcome)
{
	memcpy(outcome->data, (const void *)MACHINE_WRITABLE, sizeof(outcome->data));
	memcpy(outcome->own, generate_own, sizeof(outcome->own));
	memcpy(outcome->stack, (const void *)GENERATE_SP, sizeof(outcome->stack));
}

static void run(unsigned function, struct outcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	fill_memory();
	outcome->fault = machine_call(
		GENERATE_TEXT + text.functions[function].start, &inputs[function], &outcome->state);
	note_memory(outcome);
}

static unsigned first_difference(const uint8_t *a, const uint8_t *b, unsigned bytes)
{
	unsigned at = 0;
	while (at < bytes && a[at] == b[at])
		at++;
	return at;
}

static bool compare(const char *what, unsigned function, const struct outcome *a, const struct outcome *b)
{
	uint64_t flags = clones.hands_flags ? FLAGS_ALL : FLAG_DF;
	if (a->fault.signal != b->fault.signal)
		return fail("%s, function %u: signal %d at %lx (%lx), not %d", what, function,
			b->fault.signal, b->fault.pc, b->fault.address, a->fault.signal);
	for (unsigned i = 0; i < 16; i++)
		if (a->state.regs[i] != b->state.regs[i])
			return fail("%s, function %u: register %u is %lx, not %lx", what, function, i,
				b->state.regs[i], a->state.regs[i]);
	if ((a->state.flags ^ b->state.flags) & flags)
		return fail("%s, function %u: flags are %lx, not %lx", what, function, b->state.flags & flags,
			a->state.flags & flags);
	if (!machine_same_vectors(&a->state, &b->state))
		return fail("%s, function %u: vectors differ at %u", what, function,
			first_difference(a->state.vectors, b->state.vectors, MACHINE_VECTOR_BYTES));
	for (unsigned i = 0; i < sizeof(a->data); i++)
		if (a->data[i] != b->data[i])
			return fail(
				"%s, function %u: data differ at %x", what, function, MACHINE_WRITABLE + i);
	if (memcmp(a->own, b->own, sizeof(a->own)))
		return fail("%s, function %u: the thread's variables differ", what, function);
	return !memcmp(a->stack, b->stack, sizeof(a->stack)) ||
	       fail("%s, function %u: the caller's stack differs", what, function);
}

/* ---- accesses ---- */

static unsigned function_of(uint32_t offset)
{
	unsigned f = 0;
	while (f + 1 < text.function_count && offset >= text.functions[f].end)
		f++;
	return f;
}

/* Not the frame's own slots while nobody takes an address of it, which may be checked all the same, and never what is never
 * written. */
static bool is_required(const struct reference_step *step, const struct reference_access *access)
{
	const struct generate_function *function = &text.functions[function_of(step->offset)];
	return function->escapes || (access->base != 4 && (access->base != 5 || !function->has_rbp));
}

static bool is_allowed(const struct reference_access *access)
{
	if (access->base == REFERENCE_OWN)
		return text.takes_thread;
	return access->write || access->base != 0xfe || access->address < GENERATE_TEXT ||
	       access->address + access->bytes > GENERATE_POINTERS;
}

/* What was told since the last store, atomic change, call or return: the same again tells nothing new. */
static struct {
	struct watch_access at[64];
	unsigned count;
} recent;

static bool is_recent(const struct reference_access *access)
{
	for (unsigned i = 0; i < recent.count; i++) {
		const struct watch_access *other = &recent.at[i];
		if (access->address >= other->address &&
			access->address + access->bytes <= other->address + other->bytes &&
			(other->write || !access->write) && !other->atomic)
			return true;
	}
	return false;
}

static void note_recent(const struct watch_access *access)
{
	if (access->write)
		recent.count = 0;
	if (recent.count < sizeof(recent.at) / sizeof(recent.at[0]))
		recent.at[recent.count++] = *access;
}

static bool is_told(const struct watch_access *told, const struct reference_step *step,
	const struct reference_access *access)
{
	return told->pc == GENERATE_TEXT + step->after && told->address == access->address &&
	       told->bytes == access->bytes && told->write == access->write && told->atomic == access->atomic;
}

/* Takes what the step accesses from the log, in any order. Bits of *left: what is not there. */
static unsigned take(
	const struct reference_trace *trace, const struct reference_step *step, unsigned *at, unsigned left)
{
	for (bool found = true; found;) {
		found = false;
		for (unsigned i = 0; i < step->count && *at < watch_count && !found; i++) {
			if (!(left >> i & 1) ||
				!is_told(&watch_log[*at], step, &trace->accesses[step->first + i]))
				continue;
			note_recent(&watch_log[(*at)++]);
			left &= ~(1u << i);
			found = true;
		}
	}
	return left;
}

static bool is_put_off[REFERENCE_STEPS]; /* a step's load was not told, but may be where it is taken */

/* What was loaded and not told then has to be told where a conditional move takes it. False: it is not. */
static bool take_chosen(const struct reference_trace *trace, const struct reference_step *move, unsigned *at)
{
	uint32_t loaded = move->loaded[move->takes];
	if (!loaded || !is_put_off[loaded - 1])
		return true;
	const struct reference_step *load = &trace->steps[loaded - 1];
	const struct reference_access *access = &trace->accesses[load->first];
	if (*at < watch_count && is_told(&watch_log[*at], load, access)) {
		note_recent(&watch_log[(*at)++]);
		return true;
	}
	return is_recent(access) || !is_required(load, access);
}

/* Some of what the step loads nobody looks at: that is not told, and the rest in pieces. False: something else is. */
static bool take_used(const struct reference_trace *trace, const struct reference_step *step, unsigned *at)
{
	const struct reference_access *access = &trace->accesses[step->first];
	uint32_t left = ~clones.unused[step->offset];
	if (access->bytes < 32)
		left &= (1u << access->bytes) - 1;
	for (; *at < watch_count; (*at)++) {
		const struct watch_access *told = &watch_log[*at];
		uint64_t from = told->address - access->address;
		if (told->pc != GENERATE_TEXT + step->after || told->write ||
			from + told->bytes > access->bytes)
			break;
		for (uint64_t i = from; i < from + told->bytes; i++) {
			if (clones.unused[step->offset] >> i & 1)
				return false;
			left &= ~(1u << i);
		}
		note_recent(told);
	}
	for (; left; left &= left - 1) {
		struct reference_access byte = *access;
		byte.address += (unsigned)__builtin_ctz(left);
		byte.bytes = 1;
		if (is_allowed(&byte) && is_required(step, access) && !is_recent(&byte))
			return false;
	}
	return true;
}

static bool check_log(const char *what, unsigned function, const struct reference_trace *trace, bool all)
{
	unsigned at = 0;
	recent.count = 0;
	for (uint32_t s = 0; s < trace->step_count; s++) {
		const struct reference_step *step = &trace->steps[s];
		unsigned wanted = 0, in = function_of(step->offset);
		if (clones.cloned[in] && clones.unused[step->offset]) {
			if (!take_used(trace, step, &at) && all && clones.whole[in])
				return fail("%s, function %u: of +%x, not what is used is told", what,
					function, step->offset);
			continue;
		}
		for (unsigned i = 0; i < step->count; i++)
			wanted |= (unsigned)is_allowed(&trace->accesses[step->first + i]) << i;
		unsigned left = take(trace, step, &at, wanted);
		is_put_off[s] = left && trace->accesses[step->first].put_off;
		if (!take_chosen(trace, step, &at) && all && clones.whole[in] && clones.cloned[in])
			return fail(
				"%s, function %u: what +%x takes is not told", what, function, step->offset);
		for (unsigned i = 0; i < step->count; i++) {
			const struct reference_access *access = &trace->accesses[step->first + i];
			if (!(left >> i & 1) || !all || !clones.whole[in] || !clones.cloned[in] ||
				!is_required(step, access) || access->put_off || is_recent(access))
				continue;
			return fail(
				"%s, function %u: of +%x, %s of %u bytes at %lx is not told; told is +%lx, "
				"%lu bytes at %lx",
				what, function, step->offset, access->write ? "write" : "read", access->bytes,
				access->address, at < watch_count ? watch_log[at].pc - GENERATE_TEXT : 0,
				at < watch_count ? watch_log[at].bytes : 0,
				at < watch_count ? watch_log[at].address : 0);
		}
		if (step->leaves)
			recent.count = 0;
		shared->accesses += (unsigned)__builtin_popcount(wanted);
		shared->skipped += (unsigned)__builtin_popcount(left);
	}
	return at == watch_count ||
	       fail("%s, function %u: told is +%lx, %s of %lu bytes at %lx", what, function,
		       watch_log[at].pc - GENERATE_TEXT, watch_log[at].write ? "write" : "read",
		       watch_log[at].bytes, watch_log[at].address);
}

/* ---- a text ---- */

/* Leaves out what faults. False: it is not to be had without faults. */
static bool settle(void)
{
	for (unsigned round = 0; round < ROUNDS_MOST; round++) {
		unsigned f = 0;
		generate_place(&text);
		clones_write_original(&text);
		while (f < text.function_count) {
			run(f, &expected[f]);
			if (expected[f].fault.signal)
				break;
			f++;
		}
		if (f == text.function_count)
			return true;
		uintptr_t pc = expected[f].fault.pc - GENERATE_TEXT;
		struct generate_part *part =
			pc < GENERATE_TEXT_BYTES ? generate_part_at(&text, (uint32_t)pc) : NULL;
		if (!part)
			return false;
		part->is_removed = true;
	}
	return false;
}

/* It does the same twice, and step by step. */
static bool is_steady(void)
{
	char why[sizeof(shared->why)];
	bool steady = true;
	memcpy(why, shared->why, sizeof(why));
	reference_text(GENERATE_TEXT, GENERATE_TEXT_BYTES);
	for (unsigned f = 0; f < text.function_count && steady; f++) {
		run(f, &got);
		steady = compare("", f, &expected[f], &got);
		fill_memory();
		steady &= !reference_run(GENERATE_TEXT + text.functions[f].start, &inputs[f], &got.state,
				  &traces[f], NULL)
				   .signal &&
			  !traces[f].full;
	}
	memcpy(shared->why, why, sizeof(why));
	return steady;
}

static bool check_clones(uint64_t seed)
{
	static const char *const names[] = {"short way", "long way", "no slow way", "some slow ways"};
	for (unsigned mode = 0; mode < WATCH_MODES; mode++)
		for (unsigned f = 0; f < text.function_count; f++) {
			watch_begin((enum watch_mode)mode, seed);
			run(f, &got);
			if (!compare(names[mode], f, &expected[f], &got) ||
				!check_log(names[mode], f, &traces[f], mode <= WATCH_LONG))
				return false;
		}
	return true;
}

/* ---- what nobody looks at ---- */

/* While a function runs by steps: what a load takes to be unused is something else while it loads. */
static struct {
	struct reference_trace trace;
	uint32_t steps; /* that were looked at */
	uint8_t *at;
	uint32_t bytes; /* that are changed now */
} spoil;

static void turn_over(void)
{
	for (unsigned i = 0; i < 32; i++)
		if (spoil.bytes >> i & 1)
			spoil.at[i] ^= 0xa5;
}

static bool is_writable(const struct reference_access *access)
{
	uintptr_t own = access->address - (uintptr_t)generate_own;
	return access->address - MACHINE_WRITABLE <= MACHINE_DATA_BYTES - access->bytes ||
	       access->address - GENERATE_STACK <= GENERATE_STACK_BYTES - access->bytes ||
	       own <= sizeof(generate_own) - access->bytes;
}

static void spoil_load(void)
{
	turn_over();
	spoil.bytes = 0;
	if (spoil.steps == spoil.trace.step_count)
		return;
	const struct reference_step *step = &spoil.trace.steps[(spoil.steps = spoil.trace.step_count) - 1];
	const struct reference_access *access = &spoil.trace.accesses[step->first];
	if (step->count != 1 || access->write || !is_writable(access))
		return;
	spoil.at = (uint8_t *)access->address;
	spoil.bytes = clones.unused[step->offset];
	shared->spoiled += spoil.bytes != 0;
	turn_over();
}

/* stmxcsr and the like tell of exceptions that unused numbers raise, too. */
static bool reads_status(const struct reference_step *step)
{
	for (uint32_t at = step->offset; at + 2 < step->after; at++)
		if (text.code[at] == 0x0f && text.code[at + 1] == 0xae && text.code[at + 2] < 0xc0)
			return true;
	return false;
}

/* Some of a load is unused; and no other function looks at what is left over in vector registers. */
static bool leaves_any(unsigned function)
{
	const struct reference_trace *trace = &traces[function];
	bool any = false;
	for (uint32_t s = 0; s < trace->step_count; s++) {
		if (function_of(trace->steps[s].offset) != function || reads_status(&trace->steps[s]))
			return false;
		any |= clones.unused[trace->steps[s].offset] != 0;
	}
	return any;
}

/* The original does the same. Its vector registers hold what was left over. */
static bool check_unused(void)
{
	clones_write_original(&text);
	for (unsigned f = 0; f < text.function_count; f++) {
		if (!leaves_any(f))
			continue;
		spoil.steps = spoil.bytes = 0;
		memset(&got, 0, sizeof(got));
		fill_memory();
		got.fault = reference_run(GENERATE_TEXT + text.functions[f].start, &inputs[f], &got.state,
			&spoil.trace, spoil_load);
		turn_over();
		note_memory(&got);
		memcpy(got.state.vectors, expected[f].state.vectors, sizeof(got.state.vectors));
		if (!compare("what is said to be unused", f, &expected[f], &got))
			return false;
	}
	return true;
}

static bool check_text(uint64_t seed)
{
	shared->in_clones = false;
	generate_make(&text, seed);
	for (unsigned i = 0; i < text.part_count; i++)
		text.parts[i].is_removed = shared->removed[i];
	fill(seed);
	memset(&clones, 0, sizeof(clones));
	if (!settle()) {
		shared->faulted++;
		return true;
	}
	if (!is_steady()) {
		shared->unsteady++;
		return true;
	}
	shared->in_clones = true;
	const char *why = clones_make(&text, &clones);
	bool right = why ? fail("%s", why) : check_clones(seed);
	for (unsigned f = 0; f < text.function_count; f++) {
		shared->cloned += clones.cloned[f];
		shared->whole += clones.cloned[f] && clones.whole[f];
	}
	clones_remove();
	right = right && check_unused();
	shared->texts++;
	shared->functions += text.function_count;
	return right;
}

/* ---- children ---- */

static void give_up(int signal)
{
	_exit(100 + signal);
}

static bool open_all(void)
{
	const char *why = rt_decode_open();
	if (why || !machine_open() || !generate_open() || !reference_open() || !watch_open() ||
		!clones_open() || !rt_slow_init()) {
		printf("%s\n", why ? why : "no memory, or no Zydis");
		return false;
	}
	return true;
}

/* Texts until one is wrong: its seed is in `shared`. Returns how the child ended; 0: all were right. */
static int check_in_child(uint64_t first, uint64_t functions, bool is_alone)
{
	uint64_t until = shared->functions + functions;
	int status;
	fflush(stdout);
	pid_t child = fork();
	if (!child) {
		signal(SIGPROF, give_up);
		for (shared->seed = first; shared->functions < until || is_alone; shared->seed++) {
			setitimer(ITIMER_PROF, &(struct itimerval){.it_value.tv_sec = 10}, NULL);
			strcpy(shared->why, "it ends, or does not end");
			if (!check_text(shared->seed))
				_exit(1);
			if (is_alone)
				break;
		}
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void show(void)
{
	generate_make(&text, shared->seed);
	for (unsigned i = 0; i < text.part_count; i++)
		text.parts[i].is_removed = shared->removed[i];
	fill(shared->seed);
	settle();
	for (unsigned i = 0; i < text.part_count; i++) {
		const struct generate_part *part = &text.parts[i];
		if (part->is_removed || !part->count)
			continue;
		fprintf(stderr, "\t%u +%x\t", part->function, part->offset);
		for (unsigned at = 0; at < part->count; at++)
			fprintf(stderr, "%02x ", text.code[part->offset + at]);
		fprintf(stderr, "%s\n", instance_name(text.code + part->offset));
	}
}

/* Leaves out whatever the failure does not need. */
static void make_smaller(uint64_t seed)
{
	generate_make(&text, seed);
	for (unsigned chunk = text.part_count / 2; chunk; chunk /= 2)
		for (unsigned at = 0; at < text.part_count; at += chunk) {
			uint8_t before[GENERATE_PARTS];
			memcpy(before, shared->removed, sizeof(before));
			memset(shared->removed + at, 1,
				at + chunk <= GENERATE_PARTS ? chunk : GENERATE_PARTS - at);
			if (!memcmp(before, shared->removed, sizeof(before)))
				continue;
			int status = check_in_child(seed, 1, true);
			if (!status || status == 100 + SIGPROF)
				memcpy(shared->removed, before, sizeof(before));
		}
	int status = check_in_child(seed, 1, true);
	fprintf(stderr, "as small as it gets: status %d, %s\n", status, shared->why);
	show();
	memset(shared->removed, 0, sizeof(shared->removed));
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);
	return value ? strtoull(value, NULL, 0) : otherwise;
}

int main(int argc, char **argv)
{
	uint64_t first = from_environment("RT_TEST_SEED", 1),
		 count = from_environment("RT_TEST_COUNT", FUNCTIONS);
	unsigned wrong = 0;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || !open_all())
		return 1;
	if (argc > 1)
		first = strtoull(argv[1], NULL, 0);
	for (uint64_t seed = first; shared->functions < count && wrong < FAULTS_SHOWN;
		seed = shared->seed + 1) {
		uint64_t before = shared->functions;
		int status = check_in_child(seed, count - shared->functions, argc > 1);
		bool endless = status == 100 + SIGPROF && !shared->in_clones;
		shared->unsteady += endless;
		if (status && !endless) {
			wrong++;
			fprintf(stderr, "seed %lu: status %d, %s\n", shared->seed, status, shared->why);
			make_smaller(shared->seed);
		}
		if (argc > 1 || (!status && shared->functions == before))
			break;
	}
	printf("%lu functions from seed %lu on, %lu of them cloned, %lu wholly; %lu accesses seen, %lu told "
	       "before, of %lu some was unused; "
	       "%lu texts, %lu more that fault, %lu that differ by themselves; %u wrong\n",
		shared->functions, first, shared->cloned, shared->whole, shared->accesses, shared->skipped,
		shared->spoiled, shared->texts, shared->faulted, shared->unsteady, wrong);
	return wrong != 0;
}
