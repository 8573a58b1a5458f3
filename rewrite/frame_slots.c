#include "frame_slots.h"

#include "alike.h"
#include "slice.h"

enum {
	SHARE = 8,                    /* of so many instructions one has to touch a slot */
	FIRST_PASSED = RT_VALUES - 4, /* registers from there on are for what passes values on */
};

static bool is_in_frame(const struct rt_body *body, const struct rt_memory *memory)
{
	return memory->base == RT_RBP && body->has_rbp_frame && !memory->segment;
}

/* Touches a variable of its own as a whole, and no other memory. */
static bool is_whole(const struct rt_body *body, const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	return insn->memories == 1 && is_in_frame(body, memory) && memory->index == RT_REG_NONE &&
	       memory->form == RT_FORM_PLAIN && memory->bytes <= 8 && memory->displacement < 0 &&
	       insn->flow == RT_FLOW_NEXT && !insn->is_locked && !insn->uses_vectors;
}

/* NULL: there are too many. */
static struct rt_frame_slot *slot_at(struct rt_frame_slots *slots, const struct rt_memory *place)
{
	struct rt_frame_slot *slot = slots->at, *end = slots->at + slots->count;
	while (slot < end && !rt_slice_same_place(&slot->place, place))
		slot++;
	if (slot == slots->at + RT_FRAME_SLOTS_MOST)
		return NULL;
	if (slot == end) {
		slots->count++;
		*slot = (struct rt_frame_slot){.place = *place};
	}
	return slot;
}

/* By instruction i. False: there are too many. */
static bool touch(struct rt_frame_slots *slots, const struct rt_body *body, uint32_t i, uint32_t block)
{
	const struct rt_insn *insn = &body->insns[i];
	bool whole = is_whole(body, insn);
	slots->touches += whole;
	for (unsigned n = 0; n < insn->memories; n++) {
		const struct rt_memory *memory = &insn->memory[n];
		if (!is_in_frame(body, memory))
			continue;
		struct rt_frame_slot *slot = slot_at(slots, memory);
		if (!slot)
			return false;
		if (!slot->times++) {
			slot->first = i;
			slot->block = block;
			slot->is_passed = !memory->read;
		}
		slot->last = i;
		slot->is_passed &= slot->block == block;
		slot->is_bad |= !whole;
	}
	return true;
}

/* What makes an address of the frame. */
static bool touch_address(struct rt_frame_slots *slots, const struct rt_insn *insn)
{
	struct rt_memory place = {.bytes = 1, .base = RT_RBP, .index = RT_REG_NONE, .scale = 1};
	if (!insn->takes_frame || !(insn->uses & 1u << RT_RBP) || !rt_alike_lea(insn, &place.displacement))
		return true;
	struct rt_frame_slot *slot = slot_at(slots, &place);
	if (slot)
		slot->is_bad = true;
	return slot;
}

static bool find(struct rt_frame_slots *slots, const struct rt_body *body)
{
	uint32_t block = 0;
	slots->count = slots->touches = 0;
	for (uint32_t i = 0; i < body->count; i++) {
		block += !!(body->marks[i] & RT_MARK_LEADER);
		if (!touch(slots, body, i, block) || !touch_address(slots, &body->insns[i]))
			return false;
	}
	return slots->touches * SHARE >= body->count;
}

static bool is_alone(const struct rt_frame_slots *slots, const struct rt_frame_slot *slot)
{
	for (unsigned i = 0; i < slots->count; i++)
		if (&slots->at[i] != slot && rt_slice_overlaps(&slots->at[i].place, &slot->place))
			return false;
	return !slot->is_bad;
}

/* The variable that is touched most often of those that are left; NULL: none is. */
static struct rt_frame_slot *find_most(struct rt_frame_slots *slots)
{
	struct rt_frame_slot *most = NULL;
	for (unsigned i = 0; i < slots->count; i++) {
		struct rt_frame_slot *slot = &slots->at[i];
		if (!slot->reg && !slot->is_bad && !slot->is_passed && (!most || slot->times > most->times))
			most = slot;
	}
	return most;
}

/* Slots that only pass something on share a few registers. They are in the order of their first instructions. */
static void choose_passed(struct rt_frame_slots *slots)
{
	uint32_t ends[RT_VALUES - FIRST_PASSED] = {0};
	for (unsigned i = 0; i < slots->count; i++) {
		struct rt_frame_slot *slot = &slots->at[i];
		for (uint8_t n = 0; n < RT_COUNT(ends) && slot->is_passed && !slot->is_bad && !slot->reg; n++)
			if (ends[n] <= slot->first) {
				slot->reg = (uint8_t)(FIRST_PASSED + n);
				ends[n] = slot->last;
			}
	}
}

static void choose(struct rt_frame_slots *slots)
{
	struct rt_frame_slot *slot;
	for (unsigned i = 0; i < slots->count; i++)
		slots->at[i].is_bad = !is_alone(slots, &slots->at[i]);
	for (uint8_t reg = RT_SLOTS; reg < FIRST_PASSED && (slot = find_most(slots)) != NULL; reg++)
		slot->reg = reg;
	choose_passed(slots);
}

bool rt_frame_slots_find(struct rt_frame_slots *slots, const struct rt_body *body)
{
	if (!body->has_rbp_frame || !find(slots, body))
		return false;
	choose(slots);
	return true;
}

void rt_frame_slots_lift(const struct rt_frame_slots *slots, const struct rt_body *body, struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	const struct rt_frame_slot *slot = slots->at, *end = slots->at + slots->count;
	if (!is_whole(body, insn))
		return;
	while (slot < end && !rt_slice_same_place(&slot->place, memory))
		slot++;
	if (slot == end || !slot->reg)
		return;
	rt_regs_t value = 1u << slot->reg;
	insn->uses = (insn->uses & ~(1u << RT_RBP)) | (memory->read ? value : 0);
	insn->sets |= memory->write ? value : 0;
	insn->changes |= memory->write ? value : 0;
	insn->memories = 0;
}
