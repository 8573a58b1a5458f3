#include "claim.h"

enum {
	CONDITION_EQUAL = 4, /* the condition code of je; of jne it is one more */
	NEAR = 24,           /* instructions from the comparison to the exchange */
	FAR = 64,            /* and back to the load: without optimisation everything is kept in the frame */
	SLOTS = 8
};

/* What a comparison depends on, followed backwards. */
struct slice {
	struct rt_body *body;
	rt_regs_t changed; /* by something in the loop */
	rt_regs_t needed;
	struct rt_memory slots[SLOTS]; /* of the frame, needed, too */
	unsigned slot_count;
};

static bool is_frame(const struct rt_body *body, const struct rt_memory *memory)
{
	return memory->index == RT_REG_NONE &&
	       (memory->base == RT_RSP || (memory->base == RT_RBP && body->has_rbp_frame));
}

static rt_regs_t address_of(const struct rt_memory *memory)
{
	return (memory->base < RT_REGISTERS ? 1u << memory->base : 0) |
	       (memory->index < RT_REGISTERS ? 1u << memory->index : 0);
}

/* cmpxchg, cmpxchg8b, cmpxchg16b. */
static bool is_exchange(const struct rt_body *body, const struct rt_insn *insn)
{
	const uint8_t *code = body->module->text.code + insn->offset;
	for (unsigned i = 0; insn->is_locked && i + 2 < insn->bytes && i < 4; i++)
		if (code[i] == 0x0f)
			return (code[i + 1] & 0xfe) == 0xb0 || code[i + 1] == 0xc7;
	return false;
}

/* The exchange that control comes to from i on, straight ahead. */
static uint32_t find_exchange(const struct rt_body *body, uint32_t i)
{
	for (unsigned near = 0; near < NEAR && i != RT_NO_INSN; near++, i = body->next[i])
		if (is_exchange(body, &body->insns[i]))
			return i;
		else if (body->insns[i].flow != RT_FLOW_NEXT)
			break;
	return RT_NO_INSN;
}

/* The smallest loop around both: what it changes. False: there is none. */
static bool find_loop(const struct rt_body *body, uint32_t low, uint32_t high, rt_regs_t *changed)
{
	uint32_t first = 0, last = RT_NO_INSN;
	for (uint32_t i = high; i < body->count; i++) {
		uint32_t target = body->targets[i];
		if (target <= low && body->insns[i].flow != RT_FLOW_CALL &&
			(last == RT_NO_INSN || i - target < last - first)) {
			first = target;
			last = i;
		}
	}
	*changed = 0;
	for (uint32_t i = first; last != RT_NO_INSN && i <= last; i++)
		*changed |= body->insns[i].changes;
	return last != RT_NO_INSN;
}

/* ---- the slice ---- */

static bool take_slot(struct slice *slice, const struct rt_memory *memory)
{
	for (unsigned i = 0; i < slice->slot_count; i++)
		if (slice->slots[i].base == memory->base &&
			slice->slots[i].displacement == memory->displacement) {
			slice->slots[i] = slice->slots[--slice->slot_count];
			return true;
		}
	return false;
}

/* Of one instruction: false where it is not understood, or the slice ends. */
static bool follow(struct slice *slice, uint32_t i)
{
	const struct rt_insn *insn = &slice->body->insns[i];
	const struct rt_memory *memory = insn->memories == 1 ? &insn->memory[0] : NULL;
	bool frame = memory && is_frame(slice->body, memory);
	rt_regs_t made = (insn->sets | insn->changes) & slice->needed;
	bool stores = frame && memory->write && take_slot(slice, memory);
	if (!made && !stores)
		return true;
	if (insn->memories > 1 || made & ~insn->sets || (memory && memory->write && !stores))
		return false;
	slice->needed &= ~made;
	slice->needed |= insn->uses & RT_REGS_ALL & ~(1u << RT_RSP) & ~(memory ? address_of(memory) : 0);
	if (!memory || !memory->read)
		return true;
	if (frame && slice->slot_count < SLOTS)
		slice->slots[slice->slot_count++] = *memory;
	else if (!frame && memory->form == RT_FORM_PLAIN && memory->bytes <= 8 && !memory->segment &&
		 address_of(memory) & slice->changed)
		slice->body->marks[i] |= RT_MARK_WAITS;
	return true;
}

static void mark_loads(struct rt_body *body, uint32_t branch, uint32_t exchange)
{
	struct slice slice = {.body = body, .needed = body->insns[branch].uses & RT_FLAGS_ALL};
	if (!find_loop(body, branch, exchange > branch ? exchange : branch, &slice.changed))
		return;
	for (uint32_t i = branch, far = 0; i && far < FAR && (slice.needed || slice.slot_count); far++) {
		if (body->marks[i] & RT_MARK_LEADER || body->insns[i - 1].flow != RT_FLOW_NEXT ||
			!follow(&slice, i - 1))
			return;
		i--;
	}
}

void rt_claim_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->flow != RT_FLOW_BRANCH || (insn->condition & ~1) != CONDITION_EQUAL)
			continue;
		uint32_t equal = insn->condition == CONDITION_EQUAL ? body->targets[i] : body->next[i];
		uint32_t exchange = find_exchange(body, equal);
		if (exchange != RT_NO_INSN)
			mark_loads(body, i, exchange);
	}
}
