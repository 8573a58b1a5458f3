#include "finding.h"

#include "access.h"
#include "arena.h"
#include "benign.h"
#include "counters.h"
#include "declared.h"
#include "finding_record.h"
#include "follower.h"
#include "infer.h"
#include "judge.h"
#include "maybe.h"
#include "memory.h"
#include "options.h"
#include "poison.h"
#include "process.h"
#include "sys.h"
#include "trait.h"

enum { SEEN_FIRST = 1 << 16, SEEN_LAST = 1 << 20 }; /* entries, of which half are used */

static struct {
	uint64_t *seen; /* keys of what was recorded: open addressing, 0 is free */
	uint32_t seen_count, entries;
} findings;
static RT_AT_FORK uint64_t errors;

static const char *const class_rules[] = {
#define RT_CLASS(symbol, rule) rule,
#include "classes.def"
#undef RT_CLASS
};

static const struct {
	const char *rule;
	enum rt_certainty certainty;
} rules[] = {
#define RT_RULE(rule, certainty, title, text) {rule, RT_##certainty},
#include "rules.def"
#undef RT_RULE
};

const char *rt_finding_class_rule(enum rt_class a, enum rt_class b)
{
	return class_rules[a > b ? a : b];
}

static uint64_t *new_table(uint32_t entries)
{
	size_t bytes = entries * sizeof(uint64_t);
	return rt_reserve(bytes, bytes, &bytes);
}

bool rt_finding_init(void)
{
	findings.seen = new_table(SEEN_FIRST);
	findings.entries = SEEN_FIRST;
	return findings.seen != NULL;
}

uint64_t rt_finding_count(void)
{
	return __atomic_load_n(&rt_counters[RT_COUNTER_FINDINGS], __ATOMIC_RELAXED);
}

uint64_t rt_finding_errors(void)
{
	return __atomic_load_n(&errors, __ATOMIC_RELAXED);
}

void rt_finding_forked(void)
{
	errors = 0;
	rt_finding_record_forked();
}

/* Where the key is, or has its place. */
static uint64_t *place_of(uint64_t *seen, uint32_t entries, uint64_t key)
{
	uint64_t at = key;
	while (seen[at & (entries - 1)] && seen[at & (entries - 1)] != key)
		at++;
	return &seen[at & (entries - 1)];
}

/* False: there is no room for another one. */
static bool make_room(void)
{
	uint32_t entries = 2 * findings.entries;
	if (findings.seen_count < findings.entries / 2)
		return true;
	uint64_t *seen = entries <= SEEN_LAST ? new_table(entries) : NULL;
	if (!seen)
		return false;
	for (uint32_t i = 0; i < findings.entries; i++)
		if (findings.seen[i])
			*place_of(seen, entries, findings.seen[i]) = findings.seen[i];
	rt_sys_munmap(findings.seen, findings.entries * sizeof(uint64_t));
	findings.seen = seen;
	findings.entries = entries;
	return true;
}

/* True the first time. Findings' lock held. */
static bool is_new(uint64_t key)
{
	key |= 1;
	if (*place_of(findings.seen, findings.entries, key) == key)
		return false;
	if (!make_room()) {
		rt_count(RT_COUNTER_NO_FINDING);
		return false;
	}
	*place_of(findings.seen, findings.entries, key) = key;
	findings.seen_count++;
	return true;
}

static enum rt_certainty certainty_of(const char *rule)
{
	for (size_t i = 0; i < RT_COUNT(rules); i++)
		if (rt_string_equal(rules[i].rule, rule))
			return rules[i].certainty;
	return RT_CERTAIN;
}

static void (*listener)(const struct rt_found *found);

void rt_finding_set_listener(void (*listen)(const struct rt_found *found))
{
	listener = listen;
}

/* The program is going to touch memory that is freed or unmapped, and may die of it: the report must be out before. */
static bool may_be_last(const char *rule, const struct rt_side *side)
{
	return !rt_judge_is_end(side->context) && rt_context_kind(side->context) != RT_UNMAP &&
	       (rt_string_equal(rule, "use-after-free") || rt_string_equal(rule, "race-free") ||
		       rt_string_equal(rule, "race-unmap"));
}

static void tell(struct rt_thread *self, struct rt_found *found, const struct rt_finding *finding)
{
	found->rule = finding->rule;
	found->count = finding->count < RT_FOUND_SIDES ? finding->count : RT_FOUND_SIDES;
	rt_bytes_copy(found->sides, finding->sides, found->count * sizeof(*found->sides));
	found->location.name = found->name;
	bool asks = may_be_last(finding->rule, finding->sides);
	if (!listener && !asks)
		return;
	rt_leave(self);
	if (asks)
		rt_follower_ask();
	if (listener)
		listener(found);
	rt_enter();
}

bool rt_finding_claim(uint64_t key)
{
	if (!rt_options.report_bugs)
		return false;
	rt_finding_lock();
	bool new = is_new(key);
	rt_finding_unlock();
	if (!new)
		rt_count(RT_COUNTER_REPEATS);
	return new;
}

static bool is_error(const struct rt_finding *finding)
{
	return finding->certainty != RT_NOTE &&
	       (finding->certainty != RT_INFERRED || rt_options.exit_inferred);
}

static void record(const struct rt_finding *finding, struct rt_found *found)
{
	rt_finding_lock();
	rt_finding_record(finding, &found->location);
	const char *name = found->location.name;
	rt_string_copy(found->name, sizeof(found->name), name ? name : "");
	rt_count(RT_COUNTER_FINDINGS);
	errors += is_error(finding);
	rt_follower_start();
	rt_finding_unlock();
}

void rt_finding_add(struct rt_thread *self, const struct rt_finding *finding)
{
	struct rt_found found;
	record(finding, &found);
	tell(self, &found, finding);
	if (is_error(finding))
		rt_process_found(self);
}

static uint64_t hash_rule(const char *rule)
{
	uint64_t hash = 0;
	while (*rule)
		hash = rt_hash64(hash + (unsigned char)*rule++);
	return hash;
}

static const char *rule_of(const struct rt_thread *self, rt_ctx_t later, rt_cell_t earlier)
{
	enum rt_access_kind kinds[] = {rt_context_kind(later), rt_context_kind(rt_cell_context(earlier))};
	if (rt_cell_is_poison(earlier))
		return rt_poison_info_of(earlier)->rule;
	if (rt_cell_ordered(self, earlier))
		return "use-after-free";
	for (unsigned i = 0; i < 2; i++)
		if (kinds[i] == RT_FREE)
			return "race-free";
	for (unsigned i = 0; i < 2; i++)
		if (kinds[i] == RT_UNMAP)
			return "race-unmap";
	return rt_finding_class_rule(rt_context_class(later), rt_context_class(rt_cell_context(earlier)));
}

/* What the earlier side did. One whose context found no room may have been anything. */
static enum rt_access_kind earlier_kind(const struct rt_race *race)
{
	rt_ctx_t context = rt_cell_context(race->cell);
	return context                      ? rt_context_kind(context)
	       : race->cell & RT_CELL_WRITE ? RT_MOVED_WRITE
					    : RT_MOVED_READ;
}

/* Whether the two may be atomic in the source: then neither says more than that they meet. */
static bool may_be_atomic(rt_ctx_t context, uintptr_t address, size_t bytes, const struct rt_race *race)
{
	return rt_maybe_atomic(rt_context_kind(context), earlier_kind(race)) && race->low == address &&
	       race->high == address + bytes;
}

static bool may_be_ordered_unseen(rt_ctx_t later, rt_ctx_t earlier)
{
	return rt_stack_has_gaps(later) || rt_stack_has_gaps(earlier) ||
	       (rt_stack_is_unseen(later) && rt_stack_is_unseen(earlier));
}

/* How sure it is that the two race; *variable: see rt_finding. */
static enum rt_certainty judge_race(struct rt_thread *self, rt_ctx_t context, uintptr_t address, size_t bytes,
	const struct rt_race *race, uintptr_t *variable)
{
	bool races = !rt_cell_is_poison(race->cell) && !rt_cell_ordered(self, race->cell);
	if (races && earlier_kind(race) == RT_LEAVE && rt_context_kind(context) == RT_WRITE) {
		*variable = race->low;
		return RT_INFERRED;
	}
	*variable = !races                                         ? 0
		    : may_be_atomic(context, address, bytes, race) ? address
								   : rt_maybe_order(self, race->cell);
	bool is_inferred =
		*variable || (races && may_be_ordered_unseen(context, rt_cell_context(race->cell)));
	return is_inferred ? RT_INFERRED : RT_CERTAIN;
}

/* The earlier side of a race. */
static struct rt_side earlier_side(const struct rt_race *race)
{
	rt_ctx_t context = rt_cell_context(race->cell);
	uint32_t segment = rt_cell_segment(race->cell);
	return (struct rt_side){
		.thread = rt_cell_is_poison(race->cell)
				  ? rt_poison_info_of(race->cell)->thread
				  : rt_thread_of_epoch(rt_segment_slot(segment), rt_segment_epoch(segment)),
		.kind = earlier_kind(race),
		.atomic = race->cell & RT_CELL_ATOMIC,
		.address = race->low,
		.bytes = race->high - race->low,
		.context = context,
	};
}

/* The block's memory went back to the system, which gave it to the loader. */
static bool is_module_since(const struct rt_race *race)
{
	return !rt_cell_is_poison(race->cell) && rt_context_kind(rt_cell_context(race->cell)) == RT_FREE &&
	       rt_judge_is_loaded(race->low);
}

static bool is_hushed(rt_ctx_t context)
{
	enum rt_access_kind kind = rt_context_kind(context);
	return kind == RT_HUSHED_READ || kind == RT_HUSHED_WRITE;
}

bool rt_finding_is_unwanted(rt_ctx_t context, bool atomic, const struct rt_race *race)
{
	if (is_hushed(context) || is_hushed(rt_cell_context(race->cell)))
		return true;
	if (!race->shared && !rt_cell_is_poison(race->cell) &&
		!rt_judge_is_end(rt_cell_context(race->cell)) &&
		(rt_judge_is_counted(context) ||
			(rt_context_kind(context) == RT_FREE && rt_judge_is_exception(race->low)))) {
		rt_count(RT_COUNTER_COUNTED_FREES);
		return true;
	}
	if ((atomic || race->cell & RT_CELL_ATOMIC) && !rt_options.report_atomic_races)
		return true;
	if (!rt_benign_holds(race->low, race->high))
		return false;
	rt_count(RT_COUNTER_BENIGN);
	return true;
}

/* The same two places are one finding, whoever came first and whatever was locked. */
static uint64_t key_of_race(const char *rule, rt_ctx_t context, const struct rt_race *race)
{
	uint64_t a = rt_context_stack_key(context), b = rt_context_stack_key(rt_cell_context(race->cell));
	return rt_hash64((a < b ? a : b) + hash_rule(rule)) ^ rt_hash64(~(a < b ? b : a));
}

/* A use of what is freed is the program's fault, whoever makes it. */
static bool is_quiet(struct rt_thread *self, rt_ctx_t context, const struct rt_race *race)
{
	return !rt_cell_is_poison(race->cell) && !rt_cell_ordered(self, race->cell) &&
	       (rt_stack_is_quiet(context) || rt_stack_is_quiet(rt_cell_context(race->cell)));
}

/* The other side of a variable came between the look for it and this: the access is told again, and makes it one. Of a flag that a third
 * thread uses for something else none is made; that one's uses are races of their own. */
static bool is_met(enum rt_access_kind kind, rt_ctx_t context, uintptr_t address, const struct rt_race *race)
{
	enum rt_access_kind earlier = earlier_kind(race);
	bool is_index = rt_infer_is_met(kind, rt_context_lockset(context), earlier,
				rt_context_lockset(rt_cell_context(race->cell))) &&
			!rt_declared_is_plain(address);
	return !race->shared && (is_index || rt_infer_is_flag(kind, earlier));
}

void rt_finding_race(struct rt_thread *self, rt_ctx_t context, uintptr_t address, size_t bytes, bool atomic,
	const struct rt_race *race)
{
	enum rt_access_kind kind = rt_context_kind(context);
	const char *rule = rule_of(self, context, race->cell);
	if (is_module_since(race))
		return;
	if (may_be_atomic(context, address, bytes, race))
		rt_maybe_met(self, rt_kind_bits[kind] & RT_CELL_WRITE, race->cell, address);
	if (is_met(kind, context, address, race)) {
		self->met = true;
		return;
	}
	if (is_quiet(self, context, race) || rt_finding_is_unwanted(context, atomic, race))
		return;
	struct rt_side sides[3] = {{self->id, kind, atomic, address, bytes, context}, earlier_side(race)};
	uint32_t count = 2, put_thread;
	rt_ctx_t put_context;
	/* Two owners of a pooled object, and one of them has put it back: it uses a stale alias. */
	if (rt_range_put_by(race->low, &put_context, &put_thread) &&
		(put_thread == self->id || put_thread == sides[1].thread)) {
		rule = "pool-use-after-put";
		sides[count++] = (struct rt_side){put_thread, RT_PUT, false, race->low, 0, put_context};
	}
	if (!rt_finding_claim(key_of_race(rule, context, race)))
		return;
	struct rt_finding finding = {.rule = rule,
		.sides = sides,
		.count = count,
		.overlap = race->low,
		.overlap_bytes = race->high - race->low};
	finding.certainty = judge_race(self, context, address, bytes, race, &finding.variable);
	rt_finding_add(self, &finding);
}

void rt_misuse(struct rt_thread *self, const char *rule, const char *message, const struct rt_party *parties,
	uint32_t count)
{
	struct rt_side sides[8];
	struct rt_found found;
	uint64_t key = hash_rule(rule);
	count = count < RT_COUNT(sides) ? count : RT_COUNT(sides);
	for (uint32_t i = 0; i < count; i++) {
		sides[i] = (struct rt_side){parties[i].thread, parties[i].kind, false,
			(uintptr_t)parties[i].address, parties[i].bytes, parties[i].context};
		key = rt_hash64(key + rt_context_stack_key(parties[i].context));
	}
	if (!rt_finding_claim(key))
		return;
	struct rt_finding finding = {.rule = rule,
		.message = message,
		.certainty = certainty_of(rule),
		.sides = sides,
		.count = count,
		.overlap = count ? sides[0].address : 0,
		.overlap_bytes = count ? sides[0].bytes : 0};
	record(&finding, &found);
	if (is_error(&finding))
		rt_process_found(self);
}
