#include "way_value.h"

#include "meaning.h"

/* ---- slots ---- */

static bool is_written_around(const struct rt_body *body, const struct rt_memory *slot)
{
	for (uint32_t i = 0; i < body->count; i++)
		for (unsigned n = 0; body->marks[i] & RT_MARK_AROUND && n < body->insns[i].memories; n++) {
			const struct rt_memory *memory = &body->insns[i].memory[n];
			if (memory->write && rt_slice_is_frame(body, memory) &&
				(memory->base != slot->base || memory->index != RT_REG_NONE ||
					rt_slice_overlaps(memory, slot)))
				return true;
		}
	return false;
}

static bool is_slot(const struct rt_memory *memory)
{
	return memory->index == RT_REG_NONE && memory->form == RT_FORM_PLAIN && !memory->segment;
}

/* NULL: there are too many, or they are reached in two ways, or overlap. */
static struct rt_way_slot *find_slot(struct rt_way *way, const struct rt_memory *memory)
{
	struct rt_way_slot *slot = way->slots;
	if (!is_slot(memory) || (way->slot_count && slot->memory.base != memory->base))
		return NULL;
	for (; slot < way->slots + way->slot_count; slot++)
		if (slot->memory.displacement == memory->displacement && slot->memory.bytes == memory->bytes)
			return slot;
	if (way->slot_count == RT_WAY_SLOTS)
		return NULL;
	for (const struct rt_way_slot *older = way->slots; older < slot; older++)
		if (rt_slice_overlaps(&older->memory, memory))
			return NULL;
	slot->memory = *memory;
	slot->value = entry_value(RT_REGISTERS + way->slot_count++);
	slot->is_shared = way->body->takes_frame && !is_written_around(way->body, memory);
	return slot;
}

static struct rt_value narrowed(struct rt_way *way, const struct rt_value *value, uint8_t bytes)
{
	return value->is_constant ? constant_value(value->constant, bytes) : derived(way, value, NULL);
}

/* Part of what was written there before; NULL: it is a slot of its own. */
static const struct rt_way_slot *find_wider(const struct rt_way *way, const struct rt_memory *memory)
{
	const struct rt_way_slot *found = NULL;
	for (const struct rt_way_slot *slot = way->slots; slot < way->slots + way->slot_count; slot++)
		if (slot->memory.base == memory->base && slot->memory.displacement == memory->displacement &&
			slot->memory.bytes >= memory->bytes &&
			(!found || slot->memory.bytes < found->memory.bytes))
			found = slot;
	return found && found->memory.bytes > memory->bytes ? found : NULL;
}

/* What a thread-local variable holds is not followed. */
static void write_slot(struct rt_way *way, const struct rt_memory *memory, const struct rt_value *value)
{
	struct rt_way_slot *slot = memory->segment ? NULL : find_slot(way, memory);
	if (memory->segment)
		return;
	if (slot)
		slot->value = *value;
	else
		way->is_lost = true;
}

/* ---- memory ---- */

static void add_register(const struct rt_way *way, struct rt_made *made, uint8_t reg)
{
	if (reg < RT_REGISTERS && reg != RT_RSP)
		join(made, &way->regs[reg].made);
}

static struct rt_value load(struct rt_way *way, uint32_t i, const struct rt_memory *memory)
{
	struct rt_value value = new_value(way);
	struct rt_made address = {0};
	if (!rt_slice_is_frame(way->body, memory) || memory->index != RT_REG_NONE) {
		add_register(way, &address, memory->base);
		add_register(way, &address, memory->index);
	}
	if (rt_slice_is_constant(way->body, memory)) {
		value.made = address;
		return value;
	}
	if (memory->form != RT_FORM_PLAIN || memory->bytes > 8 || memory->segment ||
		way->load_count == RT_WAY_LOADS) {
		value.made.unknown = true;
		return value;
	}
	value.made.unknown = address.unknown;
	value.made.loads = 1u << way->load_count;
	way->loads[way->load_count++] = (struct rt_way_load){i, address};
	return value;
}

static struct rt_value read_memory(struct rt_way *way, uint32_t i, const struct rt_memory *memory)
{
	if (!rt_slice_is_frame(way->body, memory))
		return load(way, i, memory);
	const struct rt_way_slot *wider = find_wider(way, memory);
	struct rt_way_slot *slot;
	if (wider && wider->memory.bytes > 8)
		return unknown_value(way);
	if (wider && !wider->is_shared)
		return narrowed(way, &wider->value, (uint8_t)memory->bytes);
	slot = find_slot(way, memory);
	if (slot)
		return slot->is_shared ? load(way, i, memory) : slot->value;
	return unknown_value(way);
}

/* ---- instructions ---- */

/* A narrow result leaves the other bits of the register. */
static void write_register(struct rt_way *way, uint8_t reg, struct rt_value value, uint8_t bytes)
{
	const struct rt_value *old = &way->regs[reg];
	if (bytes < 4) {
		bool is_over = old->over != RT_REG_NONE || is_exact(old);
		uint8_t over = old->over != RT_REG_NONE ? old->over : (uint8_t)old->name;
		if (is_over && over < RT_REGISTERS) {
			value.over = over;
			value.made.rest |= (uint16_t)(1u << over);
			if (value.is_constant || is_exact(&value)) {
				value.is_constant = false;
				value.name = way->names++;
			}
		} else {
			value = derived(way, &value, old);
		}
	}
	way->regs[reg] = value;
}

static struct rt_value operand(
	struct rt_way *way, uint32_t i, const struct rt_meaning *meaning, uint8_t which, uint8_t bytes)
{
	struct rt_value value;
	if (which == RT_OPERAND_IMMEDIATE)
		return constant_value(meaning->immediate, bytes);
	value = which == RT_OPERAND_MEMORY ? read_memory(way, i, &way->body->insns[i].memory[0])
					   : way->regs[which];
	return value.is_constant ? constant_value(value.constant, bytes) : value;
}

static struct rt_value combine(struct rt_way *way, const struct rt_meaning *meaning,
	const struct rt_value *one, const struct rt_value *other)
{
	bool known = one->is_constant && other->is_constant;
	int64_t result = 0;
	bool is_zero = meaning->to == meaning->from && meaning->to < RT_REGISTERS &&
		       (meaning->operation == RT_DO_XOR || meaning->operation == RT_DO_SUBTRACT);
	if (is_zero)
		return constant_value(0, meaning->bytes);
	if (known)
		result = rt_meaning_compute(
			meaning->operation, (uint64_t)one->constant, (uint64_t)other->constant, &known);
	if (known)
		return constant_value(result, meaning->bytes);
	struct rt_value value = derived(way, one, other);
	if (meaning->operation == RT_DO_AND || meaning->operation == RT_DO_TEST)
		value.bits = one->bits & other->bits;
	if (meaning->operation == RT_DO_OR || meaning->operation == RT_DO_XOR)
		value.bits = one->bits | other->bits;
	return value.bits ? value : constant_value(0, meaning->bytes);
}

static void set_flags(struct rt_way *way, const struct rt_meaning *meaning, const struct rt_value *one,
	const struct rt_value *other, const struct rt_value *result)
{
	struct rt_way_flags *flags = &way->flags;
	bool subtracts = meaning->operation == RT_DO_COMPARE || meaning->operation == RT_DO_SUBTRACT;
	bool is_same = meaning->operation == RT_DO_TEST && meaning->to == meaning->from;
	flags->made = one->made;
	join(&flags->made, &other->made);
	flags->is_exact = (is_exact(one) || (meaning->to == RT_OPERAND_IMMEDIATE)) &&
			  (is_exact(other) || meaning->from == RT_OPERAND_IMMEDIATE);
	flags->fact = (struct rt_fact){.one = subtracts || is_same ? *one : *result,
		.other = subtracts ? *other : constant_value(0, meaning->bytes),
		.bytes = meaning->operation == RT_DO_ADD ? 0 : meaning->bytes};
}

static void put(
	struct rt_way *way, uint32_t i, const struct rt_meaning *meaning, const struct rt_value *value)
{
	if (meaning->to == RT_OPERAND_MEMORY)
		write_slot(way, &way->body->insns[i].memory[0], value);
	else
		write_register(way, meaning->to, *value, meaning->bytes);
}

static struct rt_value widen(
	struct rt_way *way, const struct rt_meaning *meaning, const struct rt_value *from)
{
	/* As an index is made of an int, whose lower half goes on as that. */
	if (is_exact(from) && meaning->operation == RT_DO_WIDEN && meaning->from_bytes == 4)
		return *from;
	if (!from->is_constant) {
		struct rt_value value = derived(way, from, NULL);
		if (meaning->operation == RT_DO_WIDEN_BY_0)
			value.bits = from->bits & ((1ull << 8 * meaning->from_bytes) - 1);
		return value;
	}
	int64_t constant = from->constant;
	if (meaning->operation == RT_DO_WIDEN_BY_0)
		constant &= (int64_t)(1ull << 8 * meaning->from_bytes) - 1;
	return constant_value(constant, meaning->bytes);
}

/* Made of what it reads: of lea, and of all that is not understood better. */
static struct rt_value mixed(struct rt_way *way, uint32_t i)
{
	const struct rt_insn *insn = &way->body->insns[i];
	struct rt_value value = new_value(way);
	rt_regs_t from = insn->uses & ~(1u << RT_RSP);
	if (insn->memories) {
		from &= RT_FLAGS_ALL | rt_slice_value(insn);
		if (insn->memory[0].read) {
			struct rt_value read = read_memory(way, i, &insn->memory[0]);
			join(&value.made, &read.made);
		}
	}
	for (uint8_t reg = 0; reg < RT_REGISTERS; reg++)
		if (from >> reg & 1)
			join(&value.made, &way->regs[reg].made);
	if (from & RT_FLAGS_ALL)
		join(&value.made, &way->flags.made);
	return value;
}

static void step_other(struct rt_way *way, uint32_t i)
{
	const struct rt_insn *insn = &way->body->insns[i];
	const rt_regs_t general = RT_REGS_ALL & ~(1u << RT_RSP);
	struct rt_value value = mixed(way, i);
	/* a clock's value, a random one, a system call's result; and what goes to a vector */
	if (!insn->memories && insn->changes && !(insn->uses & (general | RT_FLAGS_ALL)))
		value.made.unknown = true;
	if (insn->memories && !insn->memory[0].write && !insn->changes && !(insn->sets & RT_FLAGS_ALL))
		way->is_lost = true;
	if (rt_bytes_equal(way->body->module->text.code + insn->offset, "\x0f\x05", 2))
		value.made.unknown = true;
	for (uint8_t reg = 0; reg < RT_REGISTERS; reg++)
		if (insn->changes & general & 1u << reg)
			way->regs[reg] = value;
	if (insn->memories && insn->memory[0].write)
		write_slot(way, &insn->memory[0], &value);
	if (!(insn->sets & RT_FLAGS_ALL))
		return;
	if ((insn->sets & RT_FLAGS_ALL) != RT_FLAGS_ALL)
		join(&value.made, &way->flags.made);
	way->flags = (struct rt_way_flags){.made = value.made};
}

static void step_arithmetic(struct rt_way *way, uint32_t i, const struct rt_meaning *meaning)
{
	struct rt_value one = operand(way, i, meaning, meaning->to, meaning->bytes);
	struct rt_value other = operand(way, i, meaning, meaning->from, meaning->bytes);
	struct rt_value result = combine(way, meaning, &one, &other);
	set_flags(way, meaning, &one, &other, &result);
	if (meaning->operation != RT_DO_COMPARE && meaning->operation != RT_DO_TEST)
		put(way, i, meaning, &result);
}

/* It lets time pass, with the same result each time, and what it leaves in other registers nobody reads. */
static void call(struct rt_way *way, const struct rt_insn *insn)
{
	rt_regs_t changes = rt_slice_changes(insn) & RT_REGS_ALL & ~(1u << RT_RSP);
	for (uint8_t reg = 0; reg < RT_REGISTERS; reg++)
		if (changes >> reg & 1)
			way->regs[reg] = new_value(way);
	way->flags = (struct rt_way_flags){.made.unknown = true};
}

/* It stores to what others may look at, or changes what is not followed here: the stack's top, vectors. */
static bool is_foreign(const struct rt_way *way, const struct rt_insn *insn)
{
	return insn->uses_vectors || insn->memories > 1 || insn->changes & 1u << RT_RSP || insn->is_locked ||
	       (insn->memories && insn->memory[0].write && !rt_slice_is_own(way->body, &insn->memory[0]));
}

/* Between a vector and what is the function's own, or constant: as compilers fill a structure that they hand to who waits. */
static bool moves_vector(const struct rt_way *way, const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	bool is_own = rt_slice_is_frame(way->body, memory) ||
		      (!memory->write && rt_slice_is_constant(way->body, memory));
	return insn->flow == RT_FLOW_NEXT && insn->memories == 1 && is_own && !insn->is_locked &&
	       !insn->changes && !(insn->sets & RT_FLAGS_ALL);
}

/* Nobody knows what it holds, who reads a part of it does not either. */
static void move_vector(struct rt_way *way, const struct rt_memory *memory)
{
	struct rt_value value = new_value(way);
	if (memory->write)
		write_slot(way, memory, &value);
}

void rt_way_step(struct rt_way *way, uint32_t i)
{
	const struct rt_insn *insn = &way->body->insns[i];
	struct rt_meaning meaning;
	struct rt_value value;
	if (insn->flow == RT_FLOW_CALL)
		call(way, insn);
	if (insn->flow == RT_FLOW_CALL || insn->flow == RT_FLOW_JUMP || insn->flow == RT_FLOW_BRANCH)
		return;
	meaning = rt_meaning_of(way->body, insn);
	if (meaning.operation == RT_DO_OTHER && moves_vector(way, insn)) {
		move_vector(way, &insn->memory[0]);
		return;
	}
	way->is_lost |= insn->flow != RT_FLOW_NEXT || is_foreign(way, insn);
	if (way->is_lost || insn->is_nop)
		return;
	switch (meaning.operation) {
	case RT_DO_OTHER:
	case RT_DO_CHOOSE:
		step_other(way, i);
		break;
	case RT_DO_MOVE:
		value = operand(way, i, &meaning, meaning.from, meaning.bytes);
		put(way, i, &meaning, &value);
		break;
	case RT_DO_WIDEN:
	case RT_DO_WIDEN_BY_0:
		value = operand(way, i, &meaning, meaning.from, meaning.from_bytes);
		value = widen(way, &meaning, &value);
		put(way, i, &meaning, &value);
		break;
	case RT_DO_ADDRESS:
		value = mixed(way, i);
		put(way, i, &meaning, &value);
		break;
	case RT_DO_CONDITION:
		value = new_value(way);
		value.made = way->flags.made;
		put(way, i, &meaning, &value);
		break;
	default:
		step_arithmetic(way, i, &meaning);
	}
}

void rt_way_begin(struct rt_way *way, struct rt_body *body)
{
	way->body = body;
	way->names = RT_WAY_NAMES + 1;
	way->is_lost = false;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++)
		way->regs[reg] = entry_value(reg);
	for (unsigned slot = 0; slot < way->slot_count; slot++)
		way->slots[slot].value = entry_value(RT_REGISTERS + slot);
	rt_way_again(way);
}

void rt_way_again(struct rt_way *way)
{
	way->flags = (struct rt_way_flags){.made.unknown = true};
	way->load_count = way->fact_count = 0;
}
