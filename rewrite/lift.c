#include "lift.h"

#include "alike.h"
#include "frame_slots.h"
#include "live.h"
#include "meaning.h"
#include "slice.h"
#include "shadow/engine.h"

enum { POINTERS_MOST = 16 };

/* ---- pointers ---- */

/* Static variables that the function only reads: what they point to is the same all along. Numbers behind those of registers. */
struct pointers {
	int64_t at[POINTERS_MOST];
	unsigned count;
};

static bool is_stored(const struct rt_body *body, const struct rt_memory *place)
{
	for (uint32_t i = 0; i < body->count; i++)
		for (unsigned n = 0; n < body->insns[i].memories; n++)
			if (body->insns[i].memory[n].write && body->insns[i].memory[n].base == RT_REG_PC &&
				body->insns[i].memory[n].displacement == place->displacement)
				return true;
	return false;
}

/* 0: it is none. */
static uint8_t number_pointer(
	struct pointers *pointers, const struct rt_body *body, const struct rt_insn *insn)
{
	const struct rt_memory *place = &insn->memory[0];
	unsigned i = 0;
	if (insn->memories != 1 || place->base != RT_REG_PC || place->bytes != 8 || place->write ||
		insn->sets != insn->changes || !insn->changes)
		return 0;
	while (i < pointers->count && pointers->at[i] != place->displacement)
		i++;
	if (i == POINTERS_MOST || (i == pointers->count && is_stored(body, place)))
		return 0;
	if (i == pointers->count)
		pointers->at[pointers->count++] = place->displacement;
	return (uint8_t)(RT_VALUES + i);
}

/* ---- instructions ---- */

/* Of each register: it is so much more than what another one has, or a pointer. */
struct known {
	uint8_t root; /* a slot's register, a pointer's number, RT_REG_PC; 0: nothing is known */
	int64_t more;
};
struct lift {
	const struct rt_body *body;
	struct rt_frame_slots slots;
	struct pointers pointers;
	struct known known[RT_VALUES];
};

static void read_address(const struct lift *lift, struct rt_insn *insn, struct rt_memory *memory)
{
	const struct known *base = memory->base < RT_VALUES ? &lift->known[memory->base] : NULL;
	const struct known *index = memory->index < RT_VALUES ? &lift->known[memory->index] : NULL;
	if (base && base->root && (base->root != RT_REG_PC || !index)) {
		insn->uses &= ~(1u << memory->base);
		memory->base = base->root;
		memory->displacement += base->more;
	}
	if (index && index->root && index->root < RT_VALUES && !index->more) {
		insn->uses &= ~(1u << memory->index);
		memory->index = index->root;
	}
	insn->uses |= rt_slice_address(memory);
}

/* Reads the slots themselves. What has its operands in fixed registers is left as it is. */
static void read_slots(const struct lift *lift, struct rt_insn *insn)
{
	rt_regs_t values = insn->uses;
	for (unsigned n = 0; n < insn->memories; n++)
		values &= ~rt_slice_address(&insn->memory[n]);
	for (unsigned n = 0; n < insn->memories && insn->flow == RT_FLOW_NEXT; n++)
		read_address(lift, insn, &insn->memory[n]);
	for (unsigned reg = 0; reg < RT_REGISTERS && insn->flow == RT_FLOW_NEXT && !insn->is_locked; reg++) {
		const struct known *known = &lift->known[reg];
		if (!(values >> reg & 1) || known->root < RT_SLOTS || known->root >= RT_VALUES || known->more)
			continue;
		insn->uses = (insn->uses & ~(1u << reg)) | 1u << known->root;
	}
}

/* What writes a part of a register leaves the rest, which nobody means to read. */
static void write_wholly(const struct rt_body *body, struct rt_insn *insn)
{
	struct rt_meaning meaning = rt_meaning_of(body, insn);
	bool only_writes =
		meaning.operation == RT_DO_CONDITION ||
		(meaning.operation == RT_DO_MOVE && meaning.bytes < 4 && meaning.from != meaning.to);
	if (!only_writes || meaning.to >= RT_REGISTERS)
		return;
	insn->uses &= ~(1u << meaning.to);
	insn->sets |= insn->changes;
}

static unsigned one_of(rt_regs_t set)
{
	return (unsigned)__builtin_ctz(set & ~(1u << RT_RSP));
}

/* What the instruction leaves in the one register that it changes. */
static struct known made_of(struct lift *lift, const struct rt_insn *insn, bool is_copy)
{
	const struct rt_body *body = lift->body;
	struct rt_meaning meaning = rt_meaning_of(body, insn);
	bool adds = meaning.operation == RT_DO_ADD || meaning.operation == RT_DO_SUBTRACT;
	int64_t more = meaning.operation == RT_DO_ADD ? meaning.immediate : -meaning.immediate;
	unsigned to = one_of(insn->changes);
	struct known made = {0, 0};
	if (is_copy) {
		unsigned from = one_of(insn->uses);
		made = lift->known[from];
		if (!made.root && from >= RT_SLOTS)
			made.root = (uint8_t)from;
	} else if (adds && meaning.from == RT_OPERAND_IMMEDIATE && meaning.bytes == 8) {
		made = lift->known[to];
		made.more += more;
	} else if (insn->pc_relative && !insn->memories) {
		made.root = rt_alike_lea(insn, &made.more) ? RT_REG_PC : 0;
	} else {
		made.root = number_pointer(&lift->pointers, body, insn);
	}
	return made;
}

static void keep_known(struct lift *lift, const struct rt_insn *insn)
{
	rt_regs_t changes = rt_slice_changes(insn) | insn->sets, values = insn->changes & ~(1u << RT_RSP);
	bool is_one = insn->flow == RT_FLOW_NEXT && rt_regs_are_one(values);
	bool is_copy = is_one && rt_slice_is_copy(lift->body, insn);
	struct known made = is_one ? made_of(lift, insn, is_copy) : (struct known){0, 0};
	for (unsigned reg = 0; reg < RT_VALUES; reg++) {
		uint8_t root = lift->known[reg].root;
		if (changes >> reg & 1 || (root >= RT_SLOTS && root < RT_VALUES && changes >> root & 1))
			lift->known[reg] = (struct known){0, 0};
	}
	if (!is_one)
		return;
	unsigned to = one_of(values);
	if (made.root != to)
		lift->known[to] = made;
	if (is_copy && to >= RT_SLOTS && !made.root)
		lift->known[one_of(insn->uses)] = (struct known){(uint8_t)to, 0};
}

static void lift_insns(struct lift *lift, struct rt_body *view)
{
	const struct rt_body *body = lift->body;
	for (uint32_t i = 0; i < body->count; i++) {
		struct rt_insn *insn = &view->insns[i];
		rt_insn_copy(insn, &body->insns[i]);
		if (!i || body->marks[i] & RT_MARK_LEADER)
			rt_bytes_zero(lift->known, sizeof(lift->known));
		write_wholly(body, insn);
		rt_frame_slots_lift(&lift->slots, body, insn);
		read_slots(lift, insn);
		keep_known(lift, insn);
	}
}

/* ---- what is left ---- */

/* Nobody reads what it makes, any more. */
static bool is_left_out(const struct rt_body *view, const struct rt_body *body, uint32_t i)
{
	const uint32_t entered = RT_MARK_LEADER | RT_MARK_OUTSIDE | RT_MARK_RETURN;
	const struct rt_insn *insn = &view->insns[i];
	return body->next[i] == i + 1 && insn->flow == RT_FLOW_NEXT && !(body->marks[i] & entered) &&
	       !insn->memories && insn->changes && !(view->live[i + 1] & (insn->sets | insn->changes));
}

static uint32_t number(const uint32_t *numbers, uint32_t i)
{
	return i == RT_NO_INSN ? (uint32_t)RT_NO_INSN : numbers[i];
}

/* pre: live registers are known. */
static void leave_out(struct rt_lifted *lifted, const struct rt_body *body)
{
	struct rt_body *view = &lifted->view;
	uint32_t *numbers = lifted->numbers, kept = 0;
	for (uint32_t i = 0; i < body->count; i++) {
		numbers[i] = kept;
		if (!is_left_out(view, body, i))
			lifted->origin[kept++] = i;
	}
	for (uint32_t i = 0; i < kept; i++) {
		uint32_t origin = lifted->origin[i];
		rt_insn_copy(&view->insns[i], &view->insns[origin]);
		view->live[i] = view->live[origin];
		view->marks[i] = body->marks[origin];
		view->next[i] = number(numbers, body->next[origin]);
		view->targets[i] = number(numbers, body->targets[origin]);
	}
	view->count = kept;
}

/* ---- the whole ---- */

void rt_lift_fini(struct rt_lifted *lifted)
{
	rt_free(lifted->origin, lifted->view.room * sizeof(*lifted->origin));
	rt_free(lifted->numbers, lifted->view.room * sizeof(*lifted->numbers));
	rt_body_fini(&lifted->view);
	lifted->origin = lifted->numbers = NULL;
}

static bool make_room(struct rt_lifted *lifted, uint32_t room)
{
	if (room <= lifted->view.room)
		return true;
	rt_lift_fini(lifted);
	if (rt_body_reserve(&lifted->view, room)) {
		lifted->origin = rt_alloc(room * sizeof(*lifted->origin));
		lifted->numbers = rt_alloc(room * sizeof(*lifted->numbers));
	}
	if (lifted->origin && lifted->numbers)
		return true;
	rt_lift_fini(lifted);
	return false;
}

/* All instructions, by the body's numbers, to find what is live. */
static void find_live(struct rt_lifted *lifted, const struct rt_body *body, bool flags_leave)
{
	struct rt_body whole = *body;
	whole.insns = lifted->view.insns;
	whole.live = lifted->view.live;
	rt_live_find(&whole, flags_leave);
}

struct rt_body *rt_lift(struct rt_lifted *lifted, struct rt_body *body, bool flags_leave)
{
	struct lift lift;
	struct rt_body *view = &lifted->view;
	if (!rt_frame_slots_find(&lift.slots, body) || !make_room(lifted, body->room))
		return body;
	lift.body = body;
	lift.pointers.count = 0;
	view->module = body->module;
	view->function = body->function;
	view->takes_frame = body->takes_frame;
	view->has_rbp_frame = true;
	lift_insns(&lift, view);
	find_live(lifted, body, flags_leave);
	leave_out(lifted, body);
	return view;
}

void rt_lift_back(const struct rt_lifted *lifted, const struct rt_body *view, struct rt_body *body)
{
	for (uint32_t i = 0; view != body && i < view->count; i++)
		body->marks[lifted->origin[i]] |= view->marks[i];
}
