#include "way.h"

/* ---- what branches tell ---- */

enum {
	LESS = RT_LESS_BELOW | RT_LESS_ABOVE,
	BELOW = RT_LESS_BELOW | RT_GREATER_BELOW,
	ABOVE = RT_LESS_ABOVE | RT_GREATER_ABOVE,
	ON_SIGN = 4, /* the condition's number, halved */
};

static bool is_same(const struct rt_value *one, const struct rt_value *other)
{
	return one->is_constant == other->is_constant &&
	       (one->is_constant ? one->constant == other->constant : one->name == other->name);
}

static bool is_zero(const struct rt_value *value)
{
	return value->is_constant && !value->constant;
}

/* With the operands exchanged. */
static uint8_t turned(uint8_t relations)
{
	return (uint8_t)((relations & RT_EQUAL) | (relations & RT_LESS_BELOW ? RT_GREATER_ABOVE : 0) |
			 (relations & RT_LESS_ABOVE ? RT_GREATER_BELOW : 0) |
			 (relations & RT_GREATER_BELOW ? RT_LESS_ABOVE : 0) |
			 (relations & RT_GREATER_ABOVE ? RT_LESS_BELOW : 0));
}

static uint8_t relation_of(int64_t one, int64_t other)
{
	if (one == other)
		return RT_EQUAL;
	bool below = (uint64_t)one < (uint64_t)other;
	if (one < other)
		return below ? RT_LESS_BELOW : RT_LESS_ABOVE;
	return below ? RT_GREATER_BELOW : RT_GREATER_ABOVE;
}

/* What the values themselves say. */
static uint8_t possible(const struct rt_fact *fact)
{
	const struct rt_value *one = &fact->one, *other = &fact->other;
	if (one->is_constant && other->is_constant)
		return relation_of(one->constant, other->constant);
	if (is_same(one, other))
		return RT_EQUAL;
	if (is_zero(other))
		return RT_EQUAL | ABOVE;
	return is_zero(one) ? RT_EQUAL | BELOW : RT_ANY_RELATION;
}

static uint8_t known(const struct rt_way *way, const struct rt_fact *asked)
{
	uint8_t relations = possible(asked);
	for (unsigned i = 0; i < way->fact_count; i++) {
		const struct rt_fact *fact = &way->facts[i];
		if (fact->bytes != asked->bytes)
			continue;
		if (is_same(&fact->one, &asked->one) && is_same(&fact->other, &asked->other))
			relations &= fact->relations;
		if (is_same(&fact->one, &asked->other) && is_same(&fact->other, &asked->one))
			relations &= turned(fact->relations);
	}
	return relations;
}

/* The relations in which the branch is taken; 0: it asks something else. */
static uint8_t asks(const struct rt_way_flags *flags, uint8_t condition)
{
	static const uint8_t relations[8] = {
		[1] = BELOW, [2] = RT_EQUAL, [3] = BELOW | RT_EQUAL, [6] = LESS, [7] = LESS | RT_EQUAL};
	uint8_t asked = relations[condition / 2];
	if (condition / 2 == ON_SIGN && is_zero(&flags->fact.other))
		asked = LESS;
	return asked && condition & 1 ? (uint8_t)(RT_ANY_RELATION & ~asked) : asked;
}

unsigned rt_way_choices(const struct rt_way *way, const struct rt_insn *branch)
{
	uint8_t asked = way->flags.fact.bytes ? asks(&way->flags, branch->condition) : 0;
	if (!asked)
		return 3;
	uint8_t relations = known(way, &way->flags.fact);
	return (relations & asked ? 2u : 0) | (relations & ~asked ? 1u : 0);
}

void rt_way_choose(struct rt_way *way, const struct rt_insn *branch, bool taken)
{
	uint8_t asked = way->flags.fact.bytes ? asks(&way->flags, branch->condition) : 0;
	if (!asked || way->fact_count == RT_WAY_FACTS)
		return;
	struct rt_fact *fact = &way->facts[way->fact_count++];
	*fact = way->flags.fact;
	fact->relations = taken ? asked : (uint8_t)(RT_ANY_RELATION & ~asked);
}

/* ---- coming back ---- */

/* What stays as it is from one time round to the next. */
struct stays {
	uint32_t entry, loads;
	uint16_t rest;
};

static bool is_stable(const struct stays *stays, const struct rt_made *made)
{
	return !made->unknown && !(made->entry & ~stays->entry) && !(made->loads & ~stays->loads) &&
	       !(made->rest & ~stays->rest);
}

static const struct rt_value *value_of(const struct rt_way *way, unsigned name)
{
	return name < RT_REGISTERS ? &way->regs[name] : &way->slots[name - RT_REGISTERS].value;
}

static bool is_as_before(const struct rt_value *value, unsigned name)
{
	return !value->is_constant && value->name == name && !value->made.unknown;
}

/* Begins with what is exactly as before; then what is made of that alone, and so on. */
static void find_stays(const struct rt_way *way, struct stays *stays)
{
	unsigned names = RT_REGISTERS + way->slot_count;
	struct stays before = {0};
	for (unsigned name = 0; name < names; name++) {
		bool same = is_as_before(value_of(way, name), name);
		stays->entry |= same ? 1u << name : 0;
		if (name < RT_REGISTERS && (same || way->regs[name].over == name))
			stays->rest |= (uint16_t)(1u << name);
	}
	while (before.entry != stays->entry || before.loads != stays->loads) {
		before = *stays;
		for (unsigned i = 0; i < way->load_count; i++)
			if (is_stable(stays, &way->loads[i].address))
				stays->loads |= 1u << i;
		for (unsigned name = 0; name < names; name++)
			if (is_stable(stays, &value_of(way, name)->made))
				stays->entry |= 1u << name;
	}
}

bool rt_way_is_round(const struct rt_way *way, rt_regs_t live)
{
	struct stays stays = {0};
	find_stays(way, &stays);
	uint32_t needed = live & RT_REGS_ALL & ~(1u << RT_RSP);
	for (unsigned slot = 0; slot < way->slot_count; slot++)
		needed |= 1u << (RT_REGISTERS + slot);
	return !(needed & ~stays.entry);
}

uint32_t rt_way_exact_loads(const struct rt_way *way, rt_regs_t live)
{
	struct stays exact = {0};
	uint32_t found = 0;
	for (unsigned name = 0; name < RT_REGISTERS + way->slot_count; name++) {
		const struct rt_value *value = value_of(way, name);
		if (is_as_before(value, name))
			exact.entry |= 1u << name;
		else if (!value->made.loads && (name >= RT_REGISTERS || live >> name & 1))
			return 0;
	}
	for (unsigned i = 0; i < way->load_count; i++)
		found |= is_stable(&exact, &way->loads[i].address) ? 1u << i : 0;
	return found;
}
