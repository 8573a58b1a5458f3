#include "values.h"

#include "meaning.h"
#include "slice.h"

/* How a value was made of others: an operation, and the bytes that it has, or a scale. */
enum { SUM = 1 << 8, CUT = 2 << 8, WIDENED = 3 << 8, SCALED = 4 << 8 };

static struct rt_value fresh(struct rt_values *values)
{
	return (struct rt_value){values->next++, 0};
}

static void begin(struct rt_values *values, const struct rt_body *body)
{
	values->body = body;
	values->next = RT_VALUE_FIRST;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++)
		values->regs[reg] = fresh(values);
	values->regs[RT_RSP] = (struct rt_value){RT_VALUE_SP, 0};
	values->regs[RT_RBP] = (struct rt_value){RT_VALUE_BP, 0};
	values->slot_count = values->slot_next = values->made_count = values->made_next = 0;
}

static bool is_equal(struct rt_value one, struct rt_value other)
{
	return one.name == other.name && one.more == other.more;
}

/* The same of the same is the same. */
static struct rt_value make(
	struct rt_values *values, uint32_t how, struct rt_value one, struct rt_value other)
{
	for (unsigned i = 0; i < values->made_count; i++) {
		const struct rt_value_made *made = &values->made[i];
		if (made->how == how && is_equal(made->one, one) && is_equal(made->other, other))
			return (struct rt_value){made->name, 0};
	}
	struct rt_value value = fresh(values);
	values->made[values->made_next] = (struct rt_value_made){one, other, how, value.name};
	values->made_next = (values->made_next + 1) % RT_VALUES_MADE;
	values->made_count += values->made_count < RT_VALUES_MADE;
	return value;
}

static struct rt_value add(struct rt_values *values, struct rt_value one, struct rt_value other)
{
	int64_t more = one.more + other.more;
	if (other.name == RT_VALUE_CONSTANT)
		return (struct rt_value){one.name, more};
	if (one.name == RT_VALUE_CONSTANT)
		return (struct rt_value){other.name, more};
	struct rt_value low = {one.name < other.name ? one.name : other.name, 0};
	struct rt_value high = {one.name < other.name ? other.name : one.name, 0};
	struct rt_value sum = make(values, SUM, low, high);
	sum.more += more;
	return sum;
}

static struct rt_value scale(struct rt_values *values, struct rt_value value, unsigned by)
{
	const struct rt_value none = {0, 0};
	if (by == 1)
		return value;
	if (value.name == RT_VALUE_CONSTANT)
		return (struct rt_value){RT_VALUE_CONSTANT, value.more * by};
	struct rt_value scaled = make(values, SCALED | by, (struct rt_value){value.name, 0}, none);
	scaled.more = value.more * by;
	return scaled;
}

struct rt_value rt_values_address(struct rt_values *values, const struct rt_memory *memory)
{
	uintptr_t start = memory->base == RT_REG_PC ? values->body->module->text.start : 0;
	struct rt_value address = {RT_VALUE_CONSTANT, memory->displacement + (int64_t)start};
	if (memory->narrow || memory->segment)
		return fresh(values);
	if (memory->base < RT_REGISTERS)
		address = add(values, values->regs[memory->base], address);
	if (memory->index < RT_REGISTERS)
		address = add(values, address, scale(values, values->regs[memory->index], memory->scale));
	return address;
}

/* ---- slots ---- */

static struct rt_value load(struct rt_values *values, struct rt_value place, unsigned bytes)
{
	if (!rt_value_is_frame(values->body, place))
		return fresh(values);
	for (unsigned i = 0; i < values->slot_count; i++)
		if (is_equal(values->slots[i].place, place) && values->slots[i].bytes == bytes)
			return values->slots[i].holds;
	struct rt_value value = fresh(values);
	values->slots[values->slot_next] = (struct rt_value_slot){place, value, (uint8_t)bytes};
	values->slot_next = (values->slot_next + 1) % RT_VALUES_SLOTS;
	values->slot_count += values->slot_count < RT_VALUES_SLOTS;
	return value;
}

static void forget_slots(struct rt_values *values, struct rt_value place, unsigned bytes)
{
	for (unsigned i = 0; i < values->slot_count; i++) {
		struct rt_value_slot *slot = &values->slots[i];
		if (slot->place.name == place.name && slot->place.more < place.more + bytes &&
			place.more < slot->place.more + slot->bytes)
			slot->holds = fresh(values);
	}
}

static void store(struct rt_values *values, struct rt_value place, unsigned bytes, struct rt_value value)
{
	forget_slots(values, place, bytes);
	load(values, place, bytes);
	for (unsigned i = 0; i < values->slot_count; i++)
		if (is_equal(values->slots[i].place, place) && values->slots[i].bytes == bytes)
			values->slots[i].holds = value;
}

/* ---- instructions ---- */

static struct rt_value cut(struct rt_values *values, struct rt_value value, unsigned bytes)
{
	const struct rt_value none = {0, 0};
	if (value.name == RT_VALUE_CONSTANT)
		return bytes == 4 ? (struct rt_value){RT_VALUE_CONSTANT, (uint32_t)value.more} : value;
	return bytes == 8 ? value : make(values, CUT | bytes, value, none);
}

static struct rt_value operand(struct rt_values *values, const struct rt_insn *insn,
	const struct rt_meaning *meaning, unsigned which, unsigned bytes)
{
	if (which == RT_OPERAND_IMMEDIATE)
		return (struct rt_value){RT_VALUE_CONSTANT, meaning->immediate};
	if (which == RT_OPERAND_MEMORY)
		return load(values, rt_values_address(values, &insn->memory[0]), bytes);
	return cut(values, values->regs[which], bytes);
}

/* What it leaves in its destination. False: nothing that is known. */
static bool find_result(struct rt_values *values, const struct rt_insn *insn,
	const struct rt_meaning *meaning, struct rt_value *result)
{
	struct rt_value one;
	switch (meaning->operation) {
	case RT_DO_MOVE:
		*result = operand(values, insn, meaning, meaning->from, meaning->bytes);
		return meaning->bytes >= 4;
	case RT_DO_WIDEN:
	case RT_DO_WIDEN_BY_0:
		one = operand(values, insn, meaning, meaning->from, meaning->from_bytes);
		*result = make(values,
			WIDENED | (uint32_t)(meaning->from_bytes << 16 | meaning->bytes << 20 |
					     meaning->operation << 24),
			one, (struct rt_value){0, 0});
		return meaning->bytes >= 4;
	case RT_DO_ADDRESS:
		*result = cut(values, rt_values_address(values, &insn->memory[0]), meaning->bytes);
		return insn->addresses && meaning->bytes >= 4;
	case RT_DO_ADD:
	case RT_DO_SUBTRACT:
		if (meaning->bytes != 8 || meaning->to >= RT_REGISTERS ||
			(meaning->operation == RT_DO_SUBTRACT && meaning->from != RT_OPERAND_IMMEDIATE))
			return false;
		one = operand(values, insn, meaning, meaning->from, 8);
		if (meaning->operation == RT_DO_SUBTRACT)
			one.more = -one.more;
		*result = add(values, values->regs[meaning->to], one);
		return true;
	case RT_DO_XOR:
		*result = (struct rt_value){RT_VALUE_CONSTANT, 0};
		return meaning->to == meaning->from && meaning->bytes >= 4;
	default:
		return false;
	}
}

static void forget(struct rt_values *values, rt_regs_t changes)
{
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++)
		if (changes >> reg & 1)
			values->regs[reg] = fresh(values);
}

/* push and pop, and the words of calls, which are gone when they return. */
static int64_t moved_stack(const struct rt_values *values, const struct rt_insn *insn)
{
	const uint8_t *code = values->body->module->text.code + insn->offset;
	code += (*code & 0xf0) == 0x40;
	return (*code & 0xf8) == 0x50 ? -8 : (*code & 0xf8) == 0x58 ? 8 : 0;
}

void rt_values_step(struct rt_values *values, const struct rt_insn *insn)
{
	struct rt_meaning meaning = rt_meaning_of(values->body, insn);
	struct rt_value result, sp = values->regs[RT_RSP];
	const struct rt_memory *stored = insn->memories && insn->memory[0].write ? &insn->memory[0] : NULL;
	bool known = insn->flow == RT_FLOW_NEXT && !insn->is_locked &&
		     find_result(values, insn, &meaning, &result);
	if (stored && known && meaning.to == RT_OPERAND_MEMORY)
		store(values, rt_values_address(values, stored), stored->bytes, result);
	else if (stored)
		forget_slots(values, rt_values_address(values, stored), stored->bytes);
	sp.more += moved_stack(values, insn);
	forget(values, rt_slice_changes(insn) | insn->sets);
	values->regs[RT_RSP] = sp;
	if (known && meaning.to < RT_REGISTERS)
		values->regs[meaning.to] = result;
}

/* ---- the way ---- */

static bool is_joined(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return !i || body->next[i - 1] != i || body->marks[i] & RT_MARK_VISITED || insn->is_landing ||
	       rt_module_may_be_entry(body->module, insn->offset);
}

static void mark_targets(struct rt_body *body, uint32_t mark)
{
	for (uint32_t i = 0; i < body->count; i++) {
		uint32_t *marks = body->targets[i] == RT_NO_INSN ? NULL : &body->marks[body->targets[i]];
		if (marks)
			*marks = (*marks & ~RT_MARK_VISITED) | mark;
	}
}

void rt_values_walk(struct rt_values *values, struct rt_body *body,
	void (*see)(void *data, uint32_t i, bool joins), void *data)
{
	mark_targets(body, RT_MARK_VISITED);
	for (uint32_t i = 0; i < body->count; i++) {
		bool joins = is_joined(body, i);
		if (joins)
			begin(values, body);
		see(data, i, joins);
	}
	mark_targets(body, 0);
}
