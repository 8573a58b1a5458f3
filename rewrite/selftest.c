#include "selftest.h"

#include "slice.h"
#include "trial.h"
#include "shadow/child.h"
#include "shadow/engine.h"
#include "shadow/process.h"
#include "shadow/sys.h"
#include "shadow/text.h"

_Static_assert(offsetof(struct rt_trial, flags) == TRIAL_FLAGS &&
		       offsetof(struct rt_trial, code) == TRIAL_CODE &&
		       offsetof(struct rt_trial, host) == TRIAL_HOST &&
		       offsetof(struct rt_trial, vectors) == TRIAL_VECTORS &&
		       offsetof(struct rt_trial, kept) == TRIAL_KEPT,
	"as the assembler has it");

enum {
	ROUNDS = 16,
	FAULTS_MOST = 2, /* of a function's rounds: each is a child or two more */
	SHOWN = 4,
	DATA_WORDS = 1 << 13,
	STACK_BYTES = 1 << 16,
	ABOVE = 512, /* what the caller has there */
	BELOW = 1 << 14,
	FLAGS_SET = 0x202,
	FLAGS_CHOSEN = 0x8d5,
	FLAG_DF = 0x400,
};

/* ---- which functions ---- */

/* Whatever it was called by, it goes on in the function. */
static bool stays(const struct rt_body *body, uint32_t i)
{
	switch (body->insns[i].flow) {
	case RT_FLOW_NEXT:
		return body->next[i] != RT_NO_INSN;
	case RT_FLOW_BRANCH:
	case RT_FLOW_LOOP:
		return body->next[i] != RT_NO_INSN && body->targets[i] != RT_NO_INSN;
	case RT_FLOW_JUMP:
		return body->targets[i] != RT_NO_INSN;
	default:
		return body->insns[i].flow == RT_FLOW_RETURN || body->insns[i].flow == RT_FLOW_STOP;
	}
}

/* It asks the kernel: syscall, sysenter, int. */
static bool asks(const uint8_t *code, unsigned bytes)
{
	return (bytes == 2 && code[0] == 0x0f && (code[1] == 0x05 || code[1] == 0x34)) ||
	       (bytes == 2 && code[0] == 0xcd);
}

static bool is_slot(const struct rt_body *body, const struct rt_memory *memory)
{
	return rt_slice_is_frame(body, memory) && memory->index == RT_REG_NONE && !memory->segment;
}

static bool only_computes(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	if (insn->is_locked || insn->is_fence || asks(body->module->text.code + insn->offset, insn->bytes))
		return false;
	for (unsigned n = 0; n < insn->memories; n++) {
		const struct rt_memory *memory = &insn->memory[n];
		if (memory->form != RT_FORM_PLAIN || memory->segment == RT_SEGMENT_GS ||
			(memory->write && !is_slot(body, memory)))
			return false;
	}
	return true;
}

static bool is_pure(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (!stays(body, i) || !only_computes(body, i))
			return false;
	return body->count;
}

static void spoil(struct rt_unit *unit, const struct rt_clone *clone)
{
	enum { UD2_FIRST = 0x0f, UD2_SECOND = 0x0b };
	uint8_t *code = rt_arena_at(unit->arena, clone->code);
	code[0] = UD2_FIRST;
	code[1] = UD2_SECOND;
}

void rt_selftest_choose(struct rt_unit *unit)
{
	struct rt_module *module = &unit->module;
	if (!module->entries && (!rt_module_find_functions(module) || !rt_module_find_entries(module)))
		return;
	for (uint32_t i = 0; i < unit->clones.count; i++) {
		const struct rt_clone *clone = &unit->clones.at[i];
		const struct rt_function function = {.start = clone->start, .end = clone->end};
		if (rt_body_read(&unit->body, module, &function) != RT_BODY_WHOLE || !is_pure(&unit->body))
			continue;
		uint32_t *place = rt_list_add(&unit->pure);
		if (!place)
			return;
		*place = i;
		if (rt_options.selftest == 2)
			spoil(unit, clone);
	}
}

/* ---- in the child ---- */

enum phase { ORIGINAL, AGAIN, CLONE };

/* How far it is: its parent reads it when it has ended. */
static struct progress {
	uint32_t at, round; /* of unit->pure, of its inputs */
	enum phase phase;
	uint64_t runs;
} * progress;

enum { SAME, DIFFERS }; /* exit statuses */

struct bench {
	const struct rt_unit *unit;
	uint64_t seed;
	uint64_t data[DATA_WORDS];
	uint8_t stack[STACK_BYTES];
	struct rt_trial input, runs[CLONE + 1];
	uint8_t above[CLONE + 1][ABOVE];
};

/* Splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). */
static uint64_t next_random(struct bench *bench)
{
	uint64_t z = bench->seed += 0x9e3779b97f4a7c15ull;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* An address in the data, mostly; a small number; any. */
static uint64_t next_word(struct bench *bench, unsigned addresses_of_8)
{
	uint64_t choice = next_random(bench), word = next_random(bench);
	if (choice % 8 < addresses_of_8)
		return (uintptr_t)&bench->data[DATA_WORDS / 4 + word % (DATA_WORDS / 2)];
	return choice % 16 < 12 ? word % 256 : word;
}

static uint8_t *stack_top(struct bench *bench)
{
	return bench->stack + STACK_BYTES - ABOVE;
}

static void make_input(struct bench *bench, uint32_t start, uint32_t round)
{
	struct rt_trial *input = &bench->input;
	rt_bytes_zero(input, sizeof(*input));
	bench->seed = ((uint64_t)start << 32) + round;
	for (unsigned r = 0; r < RT_REGISTERS; r++)
		input->reg[r] = next_word(bench, round ? 4 : 8);
	input->reg[RT_RSP] = (uintptr_t)stack_top(bench) - sizeof(uint64_t);
	input->flags = FLAGS_SET | (next_random(bench) & FLAGS_CHOSEN);
	*(uint16_t *)input->vectors = 0x37f;         /* the x87's control word */
	*(uint32_t *)(input->vectors + 24) = 0x1f80; /* mxcsr */
	for (unsigned i = 160; i < 416; i += 8)
		*(uint64_t *)(input->vectors + i) = next_word(bench, 1);
	for (unsigned i = 0; i < ABOVE; i += 8)
		*(uint64_t *)(stack_top(bench) + i) = next_word(bench, 2);
}

/* The time that it may take: user time. */
static void set_timer(uint64_t microseconds)
{
	enum { VIRTUAL = 1 };
	const int64_t timer[4] = {0, 0, (int64_t)microseconds / 1000000, (int64_t)microseconds % 1000000};
	rt_syscall(__NR_setitimer, VIRTUAL, (long)timer, 0, 0, 0, 0);
}

static void run(struct bench *bench, const struct rt_clone *clone, enum phase phase)
{
	enum { LIMIT = 20000, LIMIT_OF_CLONE = 4000000 /* us */ };
	struct rt_trial *trial = &bench->runs[phase];
	uint8_t kept[ABOVE];
	rt_bytes_copy(trial, &bench->input, sizeof(*trial));
	trial->code = phase == CLONE ? clone->code : bench->unit->module.text.start + clone->start;
	for (uint8_t *at = stack_top(bench) - BELOW; at < stack_top(bench); at++)
		*at = 0x5a;
	rt_bytes_copy(kept, stack_top(bench), ABOVE);
	__atomic_store_n(&progress->phase, phase, __ATOMIC_SEQ_CST);
	set_timer(phase == CLONE ? LIMIT_OF_CLONE : LIMIT);
	rt_trial_run(trial);
	rt_bytes_copy(bench->above[phase], stack_top(bench), ABOVE);
	rt_bytes_copy(stack_top(bench), kept, ABOVE);
}

/* Of what fxsave stores: not the addresses of instructions and operands that the x87 saw last. */
static bool same_vectors(const uint8_t *a, const uint8_t *b)
{
	return rt_bytes_equal(a, b, 6) && rt_bytes_equal(a + 24, b + 24, 4) &&
	       rt_bytes_equal(a + 32, b + 32, 416 - 32);
}

static bool same(const struct bench *bench, enum phase one, enum phase other)
{
	const struct rt_trial *a = &bench->runs[one], *b = &bench->runs[other];
	uint64_t flags = bench->unit->flags_leave ? FLAGS_CHOSEN | FLAG_DF : FLAG_DF;
	return rt_bytes_equal(a->reg, b->reg, sizeof(a->reg)) && !((a->flags ^ b->flags) & flags) &&
	       same_vectors(a->vectors, b->vectors) &&
	       rt_bytes_equal(bench->above[one], bench->above[other], ABOVE);
}

/* False: it is not what it was the last time, as what reads a clock. */
static bool try_round(struct bench *bench, const struct rt_clone *clone)
{
	run(bench, clone, ORIGINAL);
	run(bench, clone, AGAIN);
	if (!same(bench, ORIGINAL, AGAIN))
		return false;
	run(bench, clone, CLONE);
	if (!same(bench, ORIGINAL, CLONE))
		rt_child_end(DIFFERS);
	progress->runs++;
	return true;
}

/* Signals end it, and nothing else comes of them. */
static void give_up_signals(void)
{
	enum { SET_DUMPABLE = 4, LAST = 31 };
	const uint64_t by_default[4] = {0};
	rt_syscall(__NR_prctl, SET_DUMPABLE, 0, 0, 0, 0, 0);
	for (int number = 1; number <= LAST; number++)
		rt_syscall(__NR_rt_sigaction, number, (long)by_default, 0, sizeof(uint64_t), 0, 0);
	rt_sys_signal_mask(RT_SIG_SETMASK, 0, NULL);
}

/* From progress on; `clone_alone`: what the original made of that round is known. */
static _Noreturn void work(const struct rt_unit *unit, bool clone_alone)
{
	struct bench *bench = rt_sys_pages(sizeof(*bench));
	if (!bench)
		rt_child_end(SAME);
	rt_child_close_from(0);
	give_up_signals();
	bench->unit = unit;
	for (unsigned i = 0; i < DATA_WORDS; i++)
		bench->data[i] = next_word(bench, 2);
	for (; progress->at < unit->pure.count; progress->at++, progress->round = 0) {
		const struct rt_clone *clone = &unit->clones.at[unit->pure.at[progress->at]];
		for (; progress->round < ROUNDS; progress->round++) {
			make_input(bench, clone->start, progress->round);
			if (clone_alone) {
				run(bench, clone, CLONE);
				rt_child_end(SAME);
			}
			if (!try_round(bench, clone))
				break;
		}
	}
	rt_child_end(SAME);
}

/* ---- its parent ---- */

/* How the child ended: 0, DIFFERS << 8, a signal; -1: there was none. */
static int try_from(const struct rt_unit *unit, bool clone_alone)
{
	long child = rt_child_start();
	if (!child)
		work(unit, clone_alone);
	return rt_sys_failed(child) ? -1 : rt_child_wait(child);
}

static void say_differs(const struct rt_unit *unit, const char *path)
{
	static const char digits[] = "0123456789abcdef";
	const struct rt_clone *clone = &unit->clones.at[unit->pure.at[progress->at]];
	uintptr_t place = unit->module.text.start + clone->start - unit->module.base;
	char line[512], number[2 * sizeof(place) + 1];
	struct rt_text text = rt_text_init(line, sizeof(line));
	for (unsigned i = 0; i < 2 * sizeof(place); i++)
		number[i] = digits[place >> (60 - 4 * i) & 15];
	number[2 * sizeof(place)] = 0;
	rt_text_add(&text, path);
	rt_text_add(&text, ": selftest: the rewritten function at 0x");
	rt_text_add(&text, number + 2 * sizeof(place) - 8);
	rt_process_say(line, " does something else than the original");
}

static void say_result(const struct rt_unit *unit, const char *path, uint32_t differing)
{
	char line[512];
	struct rt_text text = rt_text_init(line, sizeof(line));
	rt_text_add(&text, path);
	rt_text_add(&text, ": selftest: ");
	rt_text_number(&text, unit->pure.count);
	rt_text_add(&text, " of ");
	rt_text_number(&text, unit->clones.count);
	rt_text_add(&text, " rewritten functions only compute; beside their originals they did the same ");
	rt_text_number(&text, progress->runs);
	rt_text_add(&text, " times, and something else ");
	rt_text_number(&text, differing);
	rt_process_say(line, " times");
}

/* The child ended with a signal: true when the clone ends so, too, or the original does not always, or not in time. */
static bool ends_alike(const struct rt_unit *unit, int signal)
{
	enum { SIGVTALRM_VALUE = 26 };
	if (progress->phase == CLONE)
		return false;
	if (signal == SIGVTALRM_VALUE || progress->phase == AGAIN)
		return true;
	bool alike = try_from(unit, true) == signal;
	progress->runs += alike;
	return alike;
}

bool rt_selftest_passes(struct rt_unit *unit, const char *path)
{
	uint32_t differing = 0, faults = 0;
	if (!unit->clones.count)
		return true;
	progress = rt_sys_mmap(NULL, sizeof(*progress), RT_PROT_READ | RT_PROT_WRITE,
		RT_MAP_SHARED | RT_MAP_ANONYMOUS, -1, 0);
	if (!progress)
		return true;
	for (int status; progress->at < unit->pure.count && (status = try_from(unit, false)) > 0;) {
		uint32_t at = progress->at;
		if (status & 0x7f && ends_alike(unit, status & 0x7f)) {
			progress->round++;
			if (++faults < FAULTS_MOST)
				continue;
		} else if (differing++ < SHOWN) {
			say_differs(unit, path);
		}
		*progress = (struct progress){.at = at + 1, .runs = progress->runs};
		faults = 0;
	}
	say_result(unit, path, differing);
	rt_sys_munmap(progress, sizeof(*progress));
	rt_list_fini(&unit->pure);
	return !differing;
}
