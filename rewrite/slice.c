#include "slice.h"

#include "loop.h"
#include "meaning.h"

rt_regs_t rt_slice_changes(const struct rt_insn *insn)
{
	const rt_regs_t kept = 1u << RT_RBX | 1u << RT_RBP | 1u << RT_RSP | 0xf000u /* r12 to r15 */;
	return insn->flow == RT_FLOW_CALL ? RT_LIVE_ALL & ~kept : insn->changes;
}

bool rt_slice_is_copy(const struct rt_body *body, const struct rt_insn *insn)
{
	struct rt_meaning meaning = rt_meaning_of(body, insn);
	bool moves = meaning.operation == RT_DO_MOVE || meaning.operation == RT_DO_WIDEN ||
		     meaning.operation == RT_DO_WIDEN_BY_0;
	return moves && !insn->memories && rt_regs_are_one(insn->uses & ~(1u << RT_RSP)) &&
	       rt_regs_are_one(insn->changes) && !(insn->sets & RT_FLAGS_ALL);
}

void rt_slice_begin(
	struct rt_slice *slice, const struct rt_body *body, uint32_t branch, uint32_t first, uint32_t last)
{
	slice->body = body;
	slice->first = first;
	slice->last = last;
	slice->needed = body->insns[branch].uses & RT_FLAGS_ALL;
	slice->slot_count = slice->load_count = slice->constants = 0;
}

static bool is_slot(const struct rt_memory *memory)
{
	return memory->index == RT_REG_NONE && memory->form == RT_FORM_PLAIN && memory->bytes <= 8;
}

static bool overlap(const struct rt_memory *one, const struct rt_memory *other)
{
	return one->base != other->base || !is_slot(one) || !is_slot(other) || rt_slice_overlaps(one, other);
}

/* Whether something in the loop writes to it. */
static bool is_written(const struct rt_slice *slice, const struct rt_memory *slot)
{
	for (uint32_t i = slice->first; i <= slice->last; i++)
		for (unsigned n = 0; n < slice->body->insns[i].memories; n++) {
			const struct rt_memory *memory = &slice->body->insns[i].memory[n];
			if (memory->write && rt_slice_is_frame(slice->body, memory) && overlap(memory, slot))
				return true;
		}
	return false;
}

enum found { NOT_THERE, THERE, IN_PART };

/* A slot that is needed is written: then what is written is needed instead. */
static enum found take_slot(struct rt_slice *slice, const struct rt_memory *written)
{
	for (unsigned i = 0; i < slice->slot_count; i++) {
		const struct rt_memory *slot = &slice->slots[i];
		if (!overlap(slot, written))
			continue;
		if (slot->base != written->base || slot->displacement != written->displacement ||
			slot->bytes > written->bytes || !is_slot(written))
			return IN_PART;
		slice->slots[i] = slice->slots[--slice->slot_count];
		return THERE;
	}
	return NOT_THERE;
}

static bool need_slot(struct rt_slice *slice, const struct rt_memory *slot)
{
	if (!is_slot(slot) || slice->slot_count == RT_SLICE_SLOTS)
		return false;
	slice->slots[slice->slot_count++] = *slot;
	return true;
}

static bool follow_load(struct rt_slice *slice, uint32_t i, const struct rt_memory *memory, bool addresses)
{
	bool frame = rt_slice_is_frame(slice->body, memory);
	if (frame && is_written(slice, memory))
		return need_slot(slice, memory);
	if (rt_slice_is_constant(slice->body, memory))
		return true;
	if (memory->form != RT_FORM_PLAIN || memory->bytes > 8 || memory->segment == RT_SEGMENT_GS ||
		slice->load_count == RT_SLICE_LOADS)
		return false;
	if (addresses)
		slice->needed |= rt_slice_address(memory) & ~(1u << RT_RSP);
	if (!frame || slice->body->takes_frame)
		slice->loads[slice->load_count++] = i;
	return true;
}

/* Of one byte or two: the register's others are still those of before, which nobody looks at. */
static bool is_narrow_load(const struct rt_insn *insn, rt_regs_t made)
{
	return insn->memories == 1 && !insn->memory[0].write && !((insn->uses | insn->sets) & RT_FLAGS_ALL) &&
	       !(made & ~insn->sets & ~RT_VALUES_ALL) && insn->memory[0].bytes < 4;
}

/* Likewise what is made in a register's lowest byte or two, of what; 0: it is none of that. */
static uint8_t made_low(const struct rt_body *body, const struct rt_insn *insn)
{
	struct rt_meaning meaning = {.operation = RT_DO_OTHER};
	if (!insn->memories)
		meaning = rt_meaning_of(body, insn);
	bool is_known = meaning.operation == RT_DO_MOVE || meaning.operation == RT_DO_CONDITION ||
			(meaning.operation >= RT_DO_ADD && meaning.operation <= RT_DO_XOR);
	return is_known && meaning.bytes < 4 ? meaning.operation : RT_DO_OTHER;
}

/* What the register has afterwards is what it had, or the other: by the flags. */
static bool chooses(const struct rt_body *body, const struct rt_insn *insn)
{
	return rt_meaning_of(body, insn).operation == RT_DO_CHOOSE;
}

bool rt_slice_follow(struct rt_slice *slice, uint32_t i, bool addresses)
{
	const struct rt_insn *insn = &slice->body->insns[i];
	const struct rt_memory *memory = insn->memories ? &insn->memory[0] : NULL;
	rt_regs_t made = (insn->sets | insn->changes) & slice->needed;
	enum found stored = NOT_THERE;
	if (insn->flow == RT_FLOW_CALL)
		return !(slice->needed & rt_slice_changes(insn)) &&
		       !(slice->slot_count && slice->body->takes_frame && !rt_loop_yields(slice->body, i));
	if (memory && memory->write && rt_slice_is_frame(slice->body, memory))
		stored = take_slot(slice, memory);
	if (!made && stored == NOT_THERE)
		return true;
	bool is_partial = made & ~insn->sets;
	uint8_t low = is_partial ? made_low(slice->body, insn) : RT_DO_OTHER;
	bool choice = is_partial && chooses(slice->body, insn);
	if (insn->flow != RT_FLOW_NEXT || insn->memories > 1 || insn->uses_vectors || stored == IN_PART ||
		(is_partial && !low && !choice && !is_narrow_load(insn, made)) ||
		(memory && memory->write && (stored != THERE || memory->read)))
		return false;
	slice->needed &= ~made;
	rt_regs_t kept = low >= RT_DO_ADD ? 0 : made & ~insn->sets; /* which it does not look at */
	rt_regs_t from = insn->uses & RT_VALUES_ALL & ~(1u << RT_RSP) & ~kept &
			 ~(memory ? rt_slice_address(memory) : 0);
	from |= low == RT_DO_CONDITION || choice ? insn->uses & RT_FLAGS_ALL : 0;
	from |= choice ? made & RT_VALUES_ALL : 0;
	slice->needed |= from;
	slice->constants += !from && !memory && made & RT_VALUES_ALL;
	return !memory || memory->write || follow_load(slice, i, memory, addresses);
}
