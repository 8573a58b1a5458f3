#include "shared_finding.h"

#include "abroad.h"
#include "benign.h"
#include "fault.h"
#include "infer.h"
#include "maybe.h"
#include "process.h"
#include "published.h"
#include "trait.h"

/* Where the earlier side had the byte that is at `low` in the range; 0: unknown. */
static uintptr_t earlier_address(
	const struct rt_shared_range *range, uintptr_t low, const struct rt_session_mapping *mapping)
{
	if (!mapping || mapping->object != range->object)
		return 0;
	uint64_t inside = range->offset + (low - range->low) - mapping->offset;
	return inside < mapping->bytes ? mapping->low + inside : 0;
}

struct sides {
	struct rt_side side[2];
	struct rt_shared_range range;
	bool own; /* both are of this process */
};

static bool describe(struct rt_thread *self, rt_ctx_t context, uintptr_t address, size_t bytes, bool atomic,
	const struct rt_race *race, struct sides *sides)
{
	uint32_t stack = rt_cell_context(race->cell), segment = rt_cell_segment(race->cell);
	struct rt_session_owner owner;
	uint32_t number = rt_abroad_owner(segment, &owner);
	const struct rt_published published = rt_published_read(stack);
	if (!number || !rt_shared_find(race->low, &sides->range))
		return false;
	sides->own = rt_abroad_is_own(&owner);
	sides->side[0] = (struct rt_side){
		.thread = self->id,
		.kind = rt_context_kind(context),
		.atomic = atomic,
		.address = address,
		.bytes = bytes,
		.context = context,
	};
	sides->side[1] = (struct rt_side){
		.thread = sides->own ? rt_thread_of_epoch(rt_segment_slot(segment), rt_segment_epoch(segment))
				     : RT_CTX_SESSION | number,
		.kind = published.kind,
		.atomic = race->cell & RT_CELL_ATOMIC,
		.address = earlier_address(&sides->range, race->low, rt_session_mapping(published.mapping)),
		.bytes = race->high - race->low,
		.context = stack ? RT_CTX_SESSION | stack : 0,
	};
	return true;
}

static const char *rule_of(const struct sides *sides, const struct rt_race *race)
{
	if (!sides->own)
		return "race-shared";
	if (sides->side[0].kind == RT_UNMAP)
		return "race-unmap";
	if (sides->side[1].address && sides->side[1].address != race->low)
		return "race-alias";
	return rt_finding_class_rule(rt_context_class(sides->side[0].context),
		rt_published_read(rt_cell_context(race->cell)).class);
}

/* True for the first process of the session that comes with it. */
static bool is_first(uint64_t key)
{
	enum { TRIES = 64 };
	uint64_t *seen = rt_session.tables->seen;
	key |= 1;
	for (uint32_t i = 0; i < TRIES; i++) {
		uint64_t there = 0, *entry = &seen[(key / 2 + i) % RT_SESSION_SEEN];
		rt_fault_prevent(entry, sizeof(*entry));
		if (__atomic_compare_exchange_n(
			    entry, &there, key, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
		if (there == key)
			return false;
	}
	return true;
}

/* The same for the same two stacks, whoever came first. */
static uint64_t key_of(const struct sides *sides, const struct rt_race *race)
{
	uint32_t numbers[2] = {rt_published_stack(sides->side[0].context, 0), rt_cell_context(race->cell)};
	uint64_t hashes[2] = {0, 0};
	for (unsigned i = 0; i < 2; i++)
		hashes[i] = rt_published_read(numbers[i]).hash;
	return rt_hash64(hashes[0] + hashes[1]) ^ rt_hash64(hashes[0] ^ hashes[1]) ^ sides->own;
}

/* Another process may make it a sync variable while this one looks at it: what was taken for a plain load or store then was
 * none. */
static bool became_variable(
	struct rt_thread *self, const struct sides *sides, uintptr_t address, size_t bytes)
{
	if (!(rt_maybe_move(sides->side[0].kind) || rt_maybe_move(sides->side[1].kind)) ||
		!rt_infer_is_variable(address, bytes))
		return false;
	if (rt_maybe_move(sides->side[0].kind))
		self->late = address;
	return true;
}

void rt_shared_race(struct rt_thread *self, rt_ctx_t context, uintptr_t address, size_t bytes, bool atomic,
	const struct rt_race *race)
{
	struct sides sides;
	if (rt_session_is_spoilt()) {
		rt_count(RT_COUNTER_NO_SESSION);
		return;
	}
	if (rt_stack_is_quiet(context) || rt_finding_is_unwanted(context, atomic, race) ||
		!describe(self, context, address, bytes, atomic, race, &sides))
		return;
	if (became_variable(self, &sides, address, bytes))
		return;
	bool maybe = rt_maybe_atomic(sides.side[0].kind, sides.side[1].kind) && race->low == address &&
		     race->high == address + bytes;
	if (maybe)
		rt_maybe_met(self, rt_kind_bits[sides.side[0].kind] & RT_CELL_WRITE, race->cell, address);
	uint64_t key = key_of(&sides, race);
	if (!rt_finding_claim(key) || !is_first(key))
		return;
	uintptr_t variable = maybe ? address : rt_maybe_order(self, race->cell);
	/* What the other side's code has that is not looked at is not known here: mostly it is the same code. */
	bool unseen = rt_stack_has_gaps(context) || rt_stack_is_unseen(context);
	struct rt_finding finding = {.rule = rule_of(&sides, race),
		.sides = sides.side,
		.count = 2,
		.certainty = variable || unseen ? RT_INFERRED : RT_CERTAIN,
		.variable = variable,
		.overlap = race->low,
		.overlap_bytes = race->high - race->low,
		.shared = &sides.range};
	rt_finding_add(self, &finding);
}
