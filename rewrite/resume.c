/* Signals that arrive in a clone, or in the slow path that it called: the program's handler finds the original's state in its
 * context, and what was interrupted goes on afterwards.
 *
 * In a clone the map says which instruction of the original a place stands for, and what is borrowed there. In the slow path
 * the frame has the registers (slow.h). Registers and flags that nothing reads any more may have been overwritten; what the
 * handler sees in them is not what the original would have there.
 *
 * A handler that returns with the state as it found it goes back to the clone. One that changed it goes to the original,
 * which can be run from each of its instructions on. A handler may also leave for good: then nothing has to be put back,
 * for what is in the slots and in the frame is of no use to anybody. */
#include "rewrite.h"

#include "slots.h"
#include "slow.h"
#include "unit.h"

#include <ucontext.h>

enum {
	PC = RT_REGISTERS,
	FLAGS,
	VECTORS = 16,
};
#define FLAGS_OF_ARITHMETIC 0x8d5u /* OF SF ZF AF PF CF */
#define FLAG_OF             0x800u

_Static_assert(FLAGS + 1 == RT_REWRITE_STATE, "registers, pc, flags");
_Static_assert(sizeof(struct rt_slots) <= sizeof(uint64_t) * RT_REWRITE_SLOTS, "the slots have room");

static const uint8_t registers_of_context[RT_REWRITE_STATE] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP,
	REG_RBP, REG_RSI, REG_RDI, REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
	REG_RIP, REG_EFL};

static void get_state(const ucontext_t *context, uint64_t *state)
{
	for (unsigned i = 0; i < RT_REWRITE_STATE; i++)
		state[i] = (uint64_t)context->uc_mcontext.gregs[registers_of_context[i]];
}

static void put_state(ucontext_t *context, const uint64_t *state)
{
	for (unsigned i = 0; i < RT_REWRITE_STATE; i++)
		context->uc_mcontext.gregs[registers_of_context[i]] = (greg_t)state[i];
}

/* ---- places ---- */

/* The clone that holds the address. */
static const struct rt_clone *find_clone(uintptr_t code, const struct rt_unit **holder)
{
	const struct rt_unit *unit = __atomic_load_n(&rt_units, __ATOMIC_ACQUIRE);
	for (; unit; unit = unit->next) {
		const struct rt_clone *clone = NULL;
		if (code - unit->window.low < unit->window.high - unit->window.low)
			clone = rt_clone_at(unit, code);
		*holder = unit;
		if (clone)
			return clone;
	}
	return NULL;
}

/* The state as the place in a clone says it. False: it is none. */
static bool show_place(uintptr_t code, uint64_t *state)
{
	const struct rt_unit *unit;
	const struct rt_clone *clone = find_clone(code, &unit);
	if (!clone)
		return false;
	struct rt_place place = rt_map_find(&clone->map, clone->start, (uint32_t)(code - clone->code));
	state[PC] = unit->module.text.start + place.offset;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++)
		if (place.borrowed.registers >> reg & 1)
			state[reg] = rt_slots.reg[reg];
	if (place.borrowed.flags) {
		uint64_t flags = rt_slots.flags >> 8 & 0xff & FLAGS_OF_ARITHMETIC;
		flags |= rt_slots.flags & 1 ? FLAG_OF : 0;
		state[FLAGS] = (state[FLAGS] & ~(uint64_t)FLAGS_OF_ARITHMETIC) | flags;
	}
	return true;
}

/* The call of the slow path comes after the red zone was skipped. */
static bool is_slow_call(uintptr_t code)
{
	static const uint8_t call[] = {0x65, 0xff, 0x14, 0x25};
	return rt_bytes_equal((const void *)code, call, sizeof(call));
}

static bool show_clone(uint64_t *state)
{
	uintptr_t code = state[PC];
	if (!show_place(code, state))
		return false;
	if (is_slow_call(code))
		state[RT_RSP] += RT_SLOW_RED_ZONE;
	return true;
}

/* On the way from the original to a clone: a jump that stands where the original has no instruction. */
static bool show_jump(uint64_t *state)
{
	enum { JUMP = 0xe9, JUMP_BYTES = 5 };
	uintptr_t code = state[PC];
	const struct rt_unit *unit = __atomic_load_n(&rt_units, __ATOMIC_ACQUIRE);
	while (unit && code - unit->window.low >= unit->window.high - unit->window.low)
		unit = unit->next;
	if (!unit || *(const uint8_t *)code != JUMP)
		return false;
	int32_t distance;
	rt_bytes_copy(&distance, (const void *)(code + 1), sizeof(distance));
	return show_place(code + JUMP_BYTES + (uintptr_t)(intptr_t)distance, state);
}

/* ---- the slow path ---- */

/* `depth` words lie below the return address at `back`: registers from r15 downwards, then the flags. */
static void get_pushed(const uint64_t *back, unsigned depth, uint64_t *state)
{
	for (unsigned i = 0; i < depth && i < RT_REGISTERS; i++)
		state[RT_REGISTERS - 1 - i] = back[-1 - (int)i];
	if (depth > RT_REGISTERS)
		state[FLAGS] = back[-1 - RT_REGISTERS];
	state[RT_RSP] = (uintptr_t)(back + 1) + RT_SLOW_RED_ZONE;
}

/* In the entries, before the frame is known or after. */
static bool show_entry(uint64_t *state)
{
	uint64_t offset = state[PC] - (uintptr_t)rt_slow_entries;
	const struct rt_slow_depth *at = rt_slow_depths, *end = rt_slow_depths_end;
	if (offset >= end->offset)
		return false;
	while (at + 1 < end && at[1].offset <= offset)
		at++;
	unsigned depth = at->depth & (RT_SLOW_ATOMIC_DONE - 1);
	const uint64_t *back = (const uint64_t *)state[RT_RSP] + depth;
	get_pushed(back, depth, state);
	return show_place(*back - !(at->depth & RT_SLOW_ATOMIC_DONE), state);
}

static bool show_frame(uint64_t *state)
{
	const struct rt_slow_frame *frame = (const struct rt_slow_frame *)rt_slots.frame;
	get_pushed(&frame->back, RT_SLOW_DEPTH, state);
	if (rt_slots.phase == RT_SLOW_RUNS)
		state[rt_slow_behind(frame)->what >> RT_WHAT_REG_SHIFT] = rt_slots.kept;
	return show_place(frame->back - (rt_slots.phase != RT_SLOW_AFTER), state);
}

/* The program's vectors change places with the engine's. */
static void swap_vectors(ucontext_t *context, uintptr_t kept)
{
	struct _libc_fpstate *there = context->uc_mcontext.fpregs;
	enum { XSAVE_MAGIC_AT = 464, XSAVE_STATE_AT = 512, STATE_SSE = 2 };
	const uint32_t magic = 0x46505853;
	uint64_t *vectors = (uint64_t *)kept;
	if (!kept || !there)
		return;
	uint64_t *others = (uint64_t *)(void *)there->_xmm;
	for (unsigned i = 0; i < 2 * VECTORS; i++) {
		uint64_t other = others[i];
		others[i] = vectors[i];
		vectors[i] = other;
	}
	if (*(const uint32_t *)((const char *)there + XSAVE_MAGIC_AT) == magic)
		*(uint64_t *)((char *)there + XSAVE_STATE_AT) |= STATE_SSE;
}

/* ---- arrival and return ---- */

static void set_mask(ucontext_t *context, uint64_t mask)
{
	*(uint64_t *)(void *)&context->uc_sigmask = mask;
}

bool rt_rewrite_is_on(void)
{
	return __atomic_load_n(&rt_units, __ATOMIC_RELAXED);
}

bool rt_rewrite_is_changing(void)
{
	return rt_slots.frame && rt_slots.phase == RT_SLOW_RUNS;
}

void rt_rewrite_hold(uint64_t mask)
{
	if (!rt_slots.held)
		rt_slots.mask = mask;
	rt_slots.held = true;
}

bool rt_rewrite_arrived(void *where, struct rt_rewrite_kept *kept, bool nested)
{
	ucontext_t *context = where;
	if (!rt_units)
		return false;
	get_state(context, kept->own);
	rt_bytes_copy(kept->shown, kept->own, sizeof(kept->own));
	if (nested)
		kept->is_shown = false;
	else if (rt_slots.frame)
		kept->is_shown = show_frame(kept->shown);
	else if (show_clone(kept->shown) || show_entry(kept->shown))
		kept->is_shown = true;
	else
		return show_jump(kept->shown) && (put_state(context, kept->shown), false);
	if (rt_slots.held)
		set_mask(context, rt_slots.mask);
	rt_slots.held = false;
	rt_bytes_copy(kept->slots, &rt_slots, sizeof(rt_slots));
	if (kept->is_shown) {
		swap_vectors(context, rt_slots.vectors);
		put_state(context, kept->shown);
	}
	rt_slots.frame = rt_slots.vectors = 0;
	rt_slots.phase = RT_SLOW_BEFORE;
	return true;
}

bool rt_rewrite_resume(void *where, const struct rt_rewrite_kept *kept)
{
	ucontext_t *context = where;
	const struct rt_slots *slots = (const struct rt_slots *)(const void *)kept->slots;
	if (kept->is_shown) {
		uint64_t state[RT_REWRITE_STATE];
		get_state(context, state);
		if (!rt_bytes_equal(state, kept->shown, sizeof(state)))
			return false;
		put_state(context, kept->own);
		swap_vectors(context, slots->vectors);
	}
	rt_bytes_copy(&rt_slots, slots, sizeof(rt_slots));
	return true;
}
