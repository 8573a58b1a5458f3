#include "finding.h"

#include "arena.h"
#include "benign.h"
#include "counters.h"
#include "follower.h"
#include "judge.h"
#include "memory.h"
#include "module.h"
#include "options.h"
#include "poison.h"
#include "process.h"
#include "record.h"
#include "sync.h"
#include "sys.h"

enum { SEEN_ENTRIES = 1 << 16, SEEN_MOST = SEEN_ENTRIES / 2 };

static struct {
	struct rt_spin spin;
	uint64_t *seen; /* keys of what was recorded: open addressing, 0 is free */
	uint32_t seen_count;
	uint32_t generation; /* of the record file: what is marked with it has been written */
	uint64_t errors;
} findings = {.generation = 1};

static const char *const class_rules[] = {
#define RT_CLASS(symbol, rule) rule,
#include "classes.def"
#undef RT_CLASS
};

static const struct {
	const char *rule;
	uint8_t certainty;
} rules[] = {
#define RT_RULE(rule, certainty, title, text) {rule, RT_##certainty},
#include "rules.def"
#undef RT_RULE
};

bool rt_finding_init(void)
{
	size_t bytes = SEEN_ENTRIES * sizeof(uint64_t);
	findings.seen = rt_reserve(bytes, bytes, &bytes);
	return findings.seen != NULL;
}

uint64_t rt_finding_count(void)
{
	return __atomic_load_n(&rt_counters[RT_COUNTER_FINDINGS], __ATOMIC_RELAXED);
}

uint64_t rt_finding_errors(void)
{
	return __atomic_load_n(&findings.errors, __ATOMIC_RELAXED);
}

uint32_t rt_finding_generation(void)
{
	return findings.generation;
}

void rt_finding_lock(void)
{
	rt_spin_lock(&findings.spin);
}

void rt_finding_unlock(void)
{
	rt_spin_unlock(&findings.spin);
}

void rt_finding_forked(void)
{
	findings.errors = 0;
	findings.generation++;
	rt_modules_forget();
	rt_sync_forked();
}

/* True the first time. Findings' lock held. */
static bool is_new(uint64_t key)
{
	key |= 1;
	for (uint32_t i = 0; i < SEEN_ENTRIES; i++) {
		uint64_t *entry = &findings.seen[(key + i) & (SEEN_ENTRIES - 1)];
		if (*entry == key)
			return false;
		if (*entry)
			continue;
		if (findings.seen_count == SEEN_MOST)
			return false;
		findings.seen_count++;
		*entry = key;
		return true;
	}
	return false;
}

static uint8_t certainty_of(const char *rule)
{
	for (size_t i = 0; i < RT_COUNT(rules); i++)
		if (rt_string_equal(rules[i].rule, rule))
			return rules[i].certainty;
	return RT_CERTAIN;
}

/* ---- what a finding refers to ---- */

/* The innermost ones: announced calls have no limit by themselves. */
static void put_frame(void *argument, uint64_t pc)
{
	uint32_t *count = argument;
	if (*count > (uint32_t)rt_options.stack_depth)
		return;
	rt_record_u64(pc);
	++*count;
}

static void record_function_of(void *argument, uint64_t pc)
{
	(void)argument;
	if (pc >= RT_PC_FIRST_FUNCTION && pc < RT_PC_FUNCTIONS)
		rt_process_record_function((uint32_t)pc, findings.generation);
}

static void record_stack(rt_ctx_t context)
{
	struct rt_trie_node *node = &rt_contexts.nodes[context];
	if (!context || node->mark == findings.generation)
		return;
	node->mark = findings.generation;
	rt_context_frames(context, record_function_of, NULL);
	rt_record_begin(RT_RECORD_STACK);
	rt_record_u32(context);
	size_t hole = rt_record_hole();
	uint32_t count = 0;
	rt_context_frames(context, put_frame, &count);
	rt_record_fill(hole, count);
	rt_record_commit();
}

static void record_thread(uint32_t id)
{
	struct rt_thread_info *info = rt_thread_info_of(id);
	if (!info || info->recorded)
		return;
	info->recorded = true;
	record_thread(info->parent);
	record_stack(info->created_at);
	rt_record_begin(RT_RECORD_THREAD);
	rt_record_u32(info->id);
	rt_record_u32(info->parent);
	rt_record_u32((uint32_t)info->tid);
	rt_record_u32(info->created_at);
	rt_record_u8(info->flags);
	rt_record_str(info->name);
	rt_record_commit();
}

static void record_locks_of(rt_ctx_t context)
{
	for (uint32_t set = rt_context_lockset(context); set; set = rt_locksets.nodes[set].parent) {
		uint32_t id = (uint32_t)(rt_locksets.nodes[set].key >> 1);
		struct rt_sync_info *info = rt_sync_info_of(id);
		if (!info || info->recorded)
			continue;
		info->recorded = true;
		record_stack(info->created_at);
		rt_record_begin(RT_RECORD_SYNC);
		rt_record_u32(id);
		rt_record_u64(info->key);
		rt_record_u32(info->created_at);
		rt_record_str(info->kind);
		rt_record_str("");
		rt_record_commit();
	}
}

static void put_locks(rt_ctx_t context)
{
	uint32_t count = 0;
	size_t hole = rt_record_hole();
	for (uint32_t set = rt_context_lockset(context); set; set = rt_locksets.nodes[set].parent, count++) {
		uint64_t key = rt_locksets.nodes[set].key;
		rt_record_u32((uint32_t)(key >> 1));
		rt_record_u8(key & 1 ? RT_LOCK_SHARED : RT_LOCK_EXCLUSIVE);
	}
	rt_record_fill(hole, count);
}

/* ---- the record ---- */

/* What an atomic access does; that it is atomic is told beside it. */
static enum rt_access_kind plain_kind(enum rt_access_kind kind)
{
	if (kind < RT_ATOMIC_READ)
		return kind;
	return kind == RT_ATOMIC_READ || kind == RT_TESTED_READ ? RT_READ : RT_WRITE;
}

static void put_side(const struct rt_side *side)
{
	rt_record_u32(side->thread);
	rt_record_u32((uint32_t)rt_sys_getpid());
	rt_record_u8((uint8_t)plain_kind(side->kind));
	rt_record_u8(side->atomic);
	rt_record_u64(side->address);
	rt_record_u64(side->bytes);
	rt_record_u32(side->context);
	put_locks(side->context);
}

static void put_location(const struct rt_memory_location *location)
{
	rt_record_u8((uint8_t)location->kind);
	rt_record_u64(location->address);
	rt_record_u64(location->bytes);
	rt_record_str(location->name ? location->name : "");
	rt_record_u32(location->thread);
	rt_record_u32(location->context);
	rt_record_u32(location->freed_thread);
	rt_record_u32(location->freed_context);
}

/* Findings' lock held. */
static void record_finding(const char *rule, const char *message, const struct rt_side *sides, uint32_t count,
	uintptr_t overlap, size_t overlap_bytes, struct rt_found *found)
{
	struct rt_memory_location location;
	rt_memory_locate(overlap, &location);
	rt_modules_record();
	for (uint32_t i = 0; i < count; i++) {
		record_stack(sides[i].context);
		record_thread(sides[i].thread);
		record_locks_of(sides[i].context);
	}
	record_stack(location.context);
	record_stack(location.freed_context);
	record_thread(location.thread);
	record_thread(location.freed_thread);
	rt_record_begin(RT_RECORD_FINDING);
	rt_record_str(rule);
	rt_record_u8(certainty_of(rule));
	rt_record_str(message ? message : "");
	rt_record_u32(count);
	for (uint32_t i = 0; i < count; i++)
		put_side(&sides[i]);
	put_location(&location);
	rt_record_u64(overlap);
	rt_record_u64(overlap_bytes);
	rt_record_commit();
	found->location = location;
	rt_string_copy(found->name, sizeof(found->name), location.name ? location.name : "");
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

static void tell(struct rt_thread *self, struct rt_found *found, const char *rule,
	const struct rt_side *sides, uint32_t count)
{
	found->rule = rule;
	found->count = count < RT_FOUND_SIDES ? count : RT_FOUND_SIDES;
	rt_bytes_copy(found->sides, sides, found->count * sizeof(*sides));
	found->location.name = found->name;
	bool asks = may_be_last(rule, sides);
	if (!listener && !asks)
		return;
	rt_leave(self);
	if (asks)
		rt_follower_ask();
	if (listener)
		listener(found);
	rt_enter();
}

/* Records a finding unless it is a repeat. `tells`: the caller holds no lock. */
static void report_once(struct rt_thread *self, uint64_t key, const char *rule, const char *message,
	const struct rt_side *sides, uint32_t count, uintptr_t overlap, size_t overlap_bytes, bool tells)
{
	struct rt_found found;
	if (!rt_options.report_bugs)
		return;
	rt_spin_lock(&findings.spin);
	bool new = is_new(key);
	if (new) {
		rt_process_record_self(findings.generation);
		record_finding(rule, message, sides, count, overlap, overlap_bytes, &found);
		rt_count(RT_COUNTER_FINDINGS);
		findings.errors += certainty_of(rule) != RT_NOTE;
		rt_follower_start();
	}
	rt_spin_unlock(&findings.spin);
	if (!new) {
		rt_count(RT_COUNTER_REPEATS);
		return;
	}
	if (tells)
		tell(self, &found, rule, sides, count);
	if (certainty_of(rule) != RT_NOTE)
		rt_process_found(self);
}

void rt_modules_changing(void)
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_spin_lock(&findings.spin);
	rt_modules_record();
	rt_spin_unlock(&findings.spin);
	rt_leave(self);
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
	enum rt_class a = rt_context_class(later), b = rt_context_class(rt_cell_context(earlier));
	return class_rules[a > b ? a : b];
}

void rt_finding_race(struct rt_thread *self, rt_ctx_t context, uintptr_t address, size_t bytes, bool atomic,
	const struct rt_race *race)
{
	rt_ctx_t old = rt_cell_context(race->cell);
	uint32_t segment = rt_cell_segment(race->cell);
	const char *rule = rule_of(self, context, race->cell);
	if (rt_judge_is_counted(context) && !rt_cell_is_poison(race->cell) && !rt_judge_is_end(old)) {
		rt_count(RT_COUNTER_COUNTED_FREES);
		return;
	}
	if ((atomic || race->cell & RT_CELL_ATOMIC) && !rt_options.report_atomic_races)
		return;
	if (rt_benign_touches(race->low, race->high)) {
		rt_count(RT_COUNTER_BENIGN);
		return;
	}
	uint32_t thread = rt_cell_is_poison(race->cell)
				  ? rt_poison_info_of(race->cell)->thread
				  : rt_thread_of_epoch(rt_segment_slot(segment), rt_segment_epoch(segment));
	struct rt_side sides[3] = {
		{self->id, rt_context_kind(context), atomic, address, bytes, context},
		{thread,
			old                          ? rt_context_kind(old)
			: race->cell & RT_CELL_WRITE ? RT_WRITE
						     : RT_READ,
			race->cell & RT_CELL_ATOMIC, race->low, race->high - race->low, old},
	};
	uint32_t count = 2, put_thread;
	rt_ctx_t put_context;
	/* Two owners of a pooled object, and one of them has put it back: it uses a stale alias. */
	if (rt_range_put_by(race->low, &put_context, &put_thread) &&
		(put_thread == self->id || put_thread == thread)) {
		rule = "pool-use-after-put";
		sides[count++] = (struct rt_side){put_thread, RT_PUT, false, race->low, 0, put_context};
	}
	/* The same two places are one finding, whoever came first and whatever was locked. */
	uint64_t a = rt_context_stack_key(context), b = rt_context_stack_key(old);
	uint64_t key = rt_hash64((a < b ? a : b) + hash_rule(rule)) ^ rt_hash64(~(a < b ? b : a));
	report_once(self, key, rule, NULL, sides, count, race->low, race->high - race->low, true);
}

void rt_misuse(struct rt_thread *self, const char *rule, const char *message, const struct rt_party *parties,
	uint32_t count)
{
	struct rt_side sides[8];
	uint64_t key = hash_rule(rule);
	count = count < RT_COUNT(sides) ? count : RT_COUNT(sides);
	for (uint32_t i = 0; i < count; i++) {
		sides[i] = (struct rt_side){parties[i].thread, parties[i].kind, false,
			(uintptr_t)parties[i].address, parties[i].bytes, parties[i].context};
		key = rt_hash64(key + rt_context_stack_key(parties[i].context));
	}
	report_once(self, key, rule, message, sides, count, count ? sides[0].address : 0,
		count ? sides[0].bytes : 0, false);
}
