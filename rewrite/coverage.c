#include "coverage.h"

#include "decode.h"
#include "file.h"
#include "shadow/process.h"
#include "shadow/rewritten.h"
#include "shadow/sample.h"
#include "shadow/text.h"

enum {
	LEAST_PERCENT = 99,   /* of accesses checked that nothing is said about, */
	LEAST_MISSING = 10,   /* nor about fewer that are not: in a small program one is soon a percent */
	START_ACCESSES = 4,   /* in the C runtime's start files, which no unwinding table knows */
	BYTES_PER_ACCESS = 10 /* of code of which nothing is known */
};

static const struct {
	const char *name, *text;
	bool lost;
} rows[] = {
	{NULL, NULL, false},
#define RT_SKIP(symbol, name, lost, text) {name, text, lost},
#include "skips.def"
#undef RT_SKIP
};

/* ---- counting ---- */

/* Of an instruction in code that was not taken apart: what is neither on the stack nor a jump's target. */
static unsigned count_accesses(const struct rt_module *module, const struct rt_insn *insn)
{
	unsigned count = 0;
	if (insn->flow == RT_FLOW_INDIRECT)
		return 0;
	for (unsigned i = 0; i < insn->memories; i++) {
		const struct rt_memory *memory = &insn->memory[i];
		bool is_constant = memory->base == RT_REG_PC && !memory->write &&
				   rt_module_is_constant(module, memory->displacement, memory->bytes);
		count += !memory->segment && memory->base != RT_RSP && memory->base != RT_RBP && !is_constant;
	}
	return count;
}

/* Bytes that are not padding, and accesses, of code that may be none. */
static void sweep(struct rt_unit *unit, uint32_t from, uint32_t end, enum rt_skip reason)
{
	const struct rt_code *text = &unit->module.text;
	struct rt_insn insn;
	while (from < end) {
		uint8_t first = text->code[from];
		bool is_whole = rt_decode(text, from, end, &insn);
		uint32_t bytes = is_whole ? insn.bytes : 1;
		if (first && first != 0xcc && !(is_whole && insn.is_nop)) {
			unit->coverage.unknown_bytes[reason] += bytes;
			unit->coverage.estimated[reason] +=
				is_whole ? count_accesses(&unit->module, &insn) : 0;
		}
		from += bytes;
	}
}

void rt_coverage_leave(struct rt_unit *unit, const struct rt_function *function, enum rt_skip reason)
{
	if (reason == RT_SKIP_CHOSEN ||
		reason == RT_SKIP_TOLD) { /* to decode it would cost what leaving it out saves */
		unit->coverage.left_out += reason == RT_SKIP_CHOSEN;
		unit->coverage.unknown_bytes[reason] += function->end - function->start;
		return;
	}
	unit->coverage.bad += reason == RT_SKIP_UNDECODED;
	sweep(unit, function->start, function->end, reason);
}

void rt_coverage_find_outside(struct rt_unit *unit)
{
	const struct rt_module *module = &unit->module;
	uint64_t *estimated = &unit->coverage.estimated[RT_SKIP_OUTSIDE];
	struct rt_range code = rt_file_code(unit->file, module);
	uint32_t end = (uint32_t)(code.low - module->text.start);
	uint32_t last = (uint32_t)(code.high - module->text.start);
	for (uint32_t i = 0; i < module->function_count && module->functions[i].start < last; i++) {
		if (module->functions[i].start > end)
			sweep(unit, end, module->functions[i].start, RT_SKIP_OUTSIDE);
		end = module->functions[i].end > end ? module->functions[i].end : end;
	}
	if (last > end)
		sweep(unit, end, last, RT_SKIP_OUTSIDE);
	*estimated -= *estimated < START_ACCESSES ? *estimated : START_ACCESSES;
}

/* ---- telling ---- */

static uint64_t count_lost(const struct rt_coverage *coverage)
{
	uint64_t lost = 0;
	for (unsigned i = 0; i < RT_SKIP_COUNT; i++)
		lost += rows[i].lost ? coverage->skipped[i] : 0;
	return lost;
}

/* As many as in as many bytes of the functions that were taken apart. */
static uint64_t estimate(const struct rt_coverage *coverage, uint64_t bytes)
{
	uint64_t known = coverage->function_bytes - coverage->unknown_bytes[RT_SKIP_CHOSEN] -
			 coverage->unknown_bytes[RT_SKIP_TOLD] - coverage->unknown_bytes[RT_SKIP_UNDECODED];
	if (known < bytes / 16)
		return bytes / BYTES_PER_ACCESS;
	return known ? (bytes * (coverage->checked + count_lost(coverage)) + known - 1) / known : 0;
}

static uint64_t estimated(const struct rt_coverage *coverage, enum rt_skip reason)
{
	return reason == RT_SKIP_CHOSEN ? estimate(coverage, coverage->unknown_bytes[reason])
					: coverage->estimated[reason];
}

static struct rt_rewritten describe(const struct rt_module *module, const char *path)
{
	return (struct rt_rewritten){.path = path,
		.why = "",
		.build_id = module->build_id,
		.build_id_bytes = module->build_id_bytes,
		.numbers.text_bytes = module->text.bytes};
}

static void record(const struct rt_unit *unit, const char *path)
{
	const struct rt_coverage *coverage = &unit->coverage;
	struct rt_rewritten_skip skips[RT_SKIP_COUNT];
	struct rt_rewritten told = describe(&unit->module, path);
	struct rt_rewritten_numbers *numbers = &told.numbers;
	if (unit->hooked) {
		told.state = RT_REWRITTEN_HOOKED;
		told.why = "it was compiled with the compiler's hooks; checked is what they do not tell of";
	}
	numbers->checked = coverage->checked;
	numbers->functions = coverage->functions;
	numbers->cloned = coverage->cloned;
	numbers->left_alone = coverage->bad;
	numbers->left_out = coverage->left_out;
	numbers->entries = coverage->entries;
	numbers->unpatched = coverage->unpatched;
	numbers->function_bytes = coverage->function_bytes;
	numbers->unreached_bytes = coverage->unreached_bytes;
	numbers->clone_bytes = coverage->clone_bytes;
	told.skips = skips;
	for (unsigned i = 1; i < RT_SKIP_COUNT; i++)
		if (coverage->skipped[i] || coverage->unknown_bytes[i])
			skips[told.skip_count++] =
				(struct rt_rewritten_skip){rows[i].name, coverage->skipped[i],
					coverage->unknown_bytes[i], estimated(coverage, (enum rt_skip)i)};
	rt_rewritten_add(&told);
}

static struct rt_text begin_line(char *line, size_t room, const char *path)
{
	struct rt_text text = rt_text_init(line, room);
	rt_text_add(&text, rt_file_base(path));
	rt_text_add(&text, ": ");
	return text;
}

/* What is missing for each reason, and *all that there is with it. `chosen`: what the options leave out, too. */
static void find_missing(
	const struct rt_coverage *coverage, bool chosen, uint64_t missing[RT_SKIP_COUNT], uint64_t *all)
{
	*all = coverage->checked;
	for (unsigned i = 0; i < RT_SKIP_COUNT; i++) {
		bool counts = rows[i].lost && (i != RT_SKIP_CHOSEN || chosen);
		missing[i] = counts ? coverage->skipped[i] + estimated(coverage, (enum rt_skip)i) : 0;
		*all += missing[i];
	}
}

/* "; the rest: 31 (WHY), about 4 (WHY)" */
static void add_missing(
	struct rt_text *text, const struct rt_coverage *coverage, const uint64_t missing[RT_SKIP_COUNT])
{
	const char *between = "; the rest: ";
	for (unsigned i = 0; i < RT_SKIP_COUNT; i++) {
		if (!missing[i])
			continue;
		rt_text_add(text, between);
		rt_text_add(text, missing[i] > coverage->skipped[i] ? "about " : "");
		rt_text_number(text, missing[i]);
		rt_text_add(text, " (");
		rt_text_add(text, rows[i].text);
		rt_text_add(text, ")");
		between = ", ";
	}
}

static bool is_little(const struct rt_coverage *coverage, uint64_t all)
{
	return coverage->checked * 100 < all * LEAST_PERCENT && all - coverage->checked >= LEAST_MISSING;
}

bool rt_coverage_has_gaps(const struct rt_unit *unit)
{
	uint64_t all, missing[RT_SKIP_COUNT];
	find_missing(&unit->coverage, true, missing, &all);
	return !unit->partial &&
	       (!rt_sample_is_all() || unit->coverage.unordered || is_little(&unit->coverage, all));
}

/* "NAME: 97.3% of the loads and stores are checked; the rest: ...", where it is little or the options ask for it. */
static void say(const struct rt_unit *unit, const char *path)
{
	const struct rt_coverage *coverage = &unit->coverage;
	uint64_t all, missing[RT_SKIP_COUNT];
	find_missing(coverage, rt_options.verbosity, missing, &all); /* what was left out is no news */
	if (!is_little(coverage, all) && rt_options.verbosity < 2)
		return;
	char line[1024];
	struct rt_text text = begin_line(line, sizeof(line), path);
	uint64_t thousandths = all ? coverage->checked * 1000 / all : 1000;
	rt_text_number(&text, thousandths / 10);
	rt_text_add(&text, ".");
	rt_text_number(&text, thousandths % 10);
	rt_text_add(&text, "% of the loads and stores are checked");
	add_missing(&text, coverage, missing);
	rt_process_say(line, "");
}

void rt_coverage_tell(const struct rt_unit *unit, const char *path)
{
	if (unit->partial) {
		rt_coverage_tell_not(&unit->module, path, RT_REWRITTEN_LEFT_OUT,
			"a library of the system's, of which only what orders threads is looked at");
		return;
	}
	record(unit, path);
	if (!unit->hooked)
		say(unit, path);
}

static void tell_not(
	const struct rt_module *module, const char *path, enum rt_rewritten_state state, const char *why)
{
	struct rt_rewritten told = describe(module, path);
	told.state = state;
	told.why = why;
	rt_rewritten_add(&told);
}

void rt_coverage_tell_not(
	const struct rt_module *module, const char *path, enum rt_rewritten_state state, const char *why)
{
	char line[1024];
	tell_not(module, path, state, why);
	if (rt_options.verbosity < 2)
		return;
	struct rt_text text = begin_line(line, sizeof(line), path);
	rt_text_add(&text, "not rewritten: ");
	rt_process_say(line, why);
}

void rt_coverage_tell_failed(const struct rt_module *module, const char *path, const char *why)
{
	char line[1024];
	struct rt_text text = begin_line(line, sizeof(line), path);
	tell_not(module, path, RT_REWRITTEN_FAILED, why);
	rt_text_add(&text, "its loads and stores are not seen: ");
	rt_process_say(line, why);
}

void rt_coverage_tell_undone(const struct rt_unit *unit, const char *path)
{
	static const char why[] = "it made its code writable: from then on its loads and stores are not seen";
	char line[1024];
	if (unit->partial)
		return;
	begin_line(line, sizeof(line), path);
	tell_not(&unit->module, path, RT_REWRITTEN_UNDONE, why);
	rt_process_say(line, why);
}
