#include "emit.h"

#include "chosen.h"
#include "segment.h"
#include "slots.h"
#include "spread.h"
#include "vptr.h"
#include "shadow/engine.h"

enum { JUMPS_MOST = 9 };

struct rt_slow_call {
	uint8_t *jumps[JUMPS_MOST]; /* ends of the distances that lead to it */
	unsigned jump_count;
	uintptr_t back;
	const struct rt_insn *insn;   /* before which the check stands */
	const struct rt_insn *access; /* whose access it is */
	struct rt_memory memory;
	uint32_t chosen; /* RT_WHAT_CHOSEN and the condition, or 0 */
	uint8_t scratch;
	bool waits;
	uint32_t marks; /* of the access */
	struct rt_borrowed borrowed;
	struct rt_frame_place frame;
};

/* ---- the check itself ---- */

static rt_regs_t registers_of(const struct rt_memory *memory)
{
	rt_regs_t registers = 0;
	if (memory->base < RT_REGISTERS)
		registers |= 1u << memory->base;
	if (memory->index < RT_REGISTERS)
		registers |= 1u << memory->index;
	switch (memory->spread) {
	case RT_SPREAD_SEARCH:
		registers |= 1u << RT_RAX | 1u << RT_RSI | 1u << RT_RDI;
		break;
	case RT_SPREAD_AL:
		registers |= 1u << RT_RAX;
		break;
	case RT_SPREAD_BIT:
		registers |= 1u << memory->vector;
		break;
	default:
		break;
	}
	return memory->form == RT_FORM_STRING && memory->repeated ? registers | 1u << RT_RCX : registers;
}

static bool is_absolute(const struct rt_memory *memory)
{
	return memory->base == RT_REG_PC ||
	       (memory->base == RT_REG_NONE && memory->index == RT_REG_NONE && !memory->segment);
}

static uintptr_t absolute(const struct rt_emitter *emitter, const struct rt_memory *memory)
{
	uintptr_t start = memory->base == RT_REG_PC ? emitter->body->module->text.start : 0;
	return start + (uintptr_t)memory->displacement;
}

/* By the segment fs, whose base is its first word: that comes first, for then no flag is changed. */
static void emit_thread_address(struct rt_emitter *emitter, const struct rt_memory *memory, unsigned reg)
{
	struct rt_assembler *code = &emitter->code;
	struct rt_asm_memory address = {0, (uint8_t)reg, memory->base, 1, 0};
	rt_asm_segment(code, RT_OP_LOAD, reg, RT_FS, 0);
	if (memory->base == RT_RSP)
		address = (struct rt_asm_memory){0, RT_RSP, (uint8_t)reg, 1, 0};
	if (memory->base != RT_REG_NONE)
		rt_asm_op(code, true, RT_OP_LEA, reg, address);
	rt_asm_op(code, true, RT_OP_LEA, reg,
		(struct rt_asm_memory){
			0, (uint8_t)reg, memory->index, memory->scale, (int32_t)memory->displacement});
}

void rt_emit_address(struct rt_emitter *emitter, const struct rt_memory *memory, unsigned reg)
{
	struct rt_assembler *code = &emitter->code;
	if (memory->segment) {
		emit_thread_address(emitter, memory, reg);
	} else if (memory->base == RT_REG_PC) {
		rt_asm_address(code, reg, absolute(emitter, memory));
	} else if (is_absolute(memory)) {
		rt_asm_constant(code, reg, absolute(emitter, memory));
	} else if (memory->base < RT_REGISTERS && memory->index == RT_REG_NONE && !memory->displacement &&
		   !memory->narrow) {
		rt_asm_move(code, reg, memory->base);
	} else {
		if (memory->narrow)
			rt_asm_byte(code, 0x67);
		rt_asm_op(code, !memory->narrow, RT_OP_LEA, reg,
			(struct rt_asm_memory){0, memory->base, memory->index, memory->scale,
				(int32_t)memory->displacement});
	}
}

static void jump_slow(struct rt_emitter *emitter, struct rt_slow_call *slow, unsigned condition)
{
	rt_asm_jump(&emitter->code, condition, 0);
	slow->jumps[slow->jump_count++] = emitter->code.at;
}

/* The cell in `reg`: is it what is looked for? */
static void emit_look(
	struct rt_emitter *emitter, struct rt_slow_call *slow, unsigned reg, struct rt_asm_memory looked_at)
{
	rt_asm_segment(&emitter->code, RT_OP_XOR, reg, RT_FS, RT_SLOT_EXPECTED);
	rt_asm_op(&emitter->code, true, RT_OP_TEST, reg, looked_at);
	jump_slow(emitter, slow, RT_CONDITION_NOT_EQUAL);
}

static struct rt_asm_memory looked_at(unsigned look, unsigned index, unsigned offset)
{
	return (struct rt_asm_memory){
		RT_GS, RT_REG_NONE, (uint8_t)index, 8, RT_FRONT_LOOKED(look) + (int32_t)(8 * offset)};
}

/* Which table says it of each granule of an access. */
static unsigned look_of(const struct rt_memory *memory)
{
	unsigned bytes = memory->bytes < 8 ? memory->bytes : 8;
	return (unsigned)__builtin_ctz(bytes) + (memory->write ? RT_LOOK_WRITE : 0);
}

/* Bytes of one granule, or of several whole ones. */
static bool is_simple(const struct rt_emitter *emitter, const struct rt_memory *memory)
{
	unsigned bytes = memory->bytes;
	if (memory->form == RT_FORM_SPREAD || (memory->form == RT_FORM_STRING && memory->repeated))
		return false;
	if (bytes > 64 || (bytes & (bytes - 1)))
		return false;
	return !is_absolute(memory) || absolute(emitter, memory) % 8 + (bytes < 8 ? bytes : 8) <= 8;
}

static void emit_absolute(struct rt_emitter *emitter, struct rt_slow_call *slow, uintptr_t address,
	unsigned reg, unsigned other)
{
	const struct rt_memory *memory = &slow->memory;
	unsigned granules = memory->bytes <= 8 ? 1 : memory->bytes / 8;
	uintptr_t place = address & (((uintptr_t)1 << RT_HOT_WINDOW_LOG) - 1) & ~(uintptr_t)7;
	rt_asm_constant(&emitter->code, reg, place << 1);
	if (memory->base == RT_REG_PC)
		rt_asm_moved(&emitter->code, RT_MOVE_CELL, sizeof(place));
	for (unsigned i = 0; i < granules; i++) {
		unsigned cell = i + 1 < granules ? other : reg;
		rt_asm_op(&emitter->code, true, RT_OP_LOAD, cell,
			(struct rt_asm_memory){RT_GS, (uint8_t)reg, RT_REG_NONE, 1, (int32_t)(16 * i)});
		emit_look(emitter, slow, cell, looked_at(look_of(memory), RT_REG_NONE, address % 8));
	}
}

static void emit_computed(struct rt_emitter *emitter, struct rt_slow_call *slow, unsigned reg, unsigned other)
{
	struct rt_assembler *code = &emitter->code;
	const struct rt_memory *memory = &slow->memory;
	unsigned granules = memory->bytes <= 8 ? 1 : memory->bytes / 8;
	rt_emit_address(emitter, memory, reg);
	if (granules == 1) {
		rt_asm_move_low(code, other, reg);
		rt_asm_offset_in_granule(code, other);
	} else {
		rt_asm_test_aligned(code, reg);
		jump_slow(emitter, slow, RT_CONDITION_NOT_EQUAL);
	}
	rt_asm_segment(code, RT_OP_AND, reg, RT_GS, RT_FRONT(place));
	for (unsigned i = 0; i < granules; i++) {
		unsigned cell = i + 1 < granules ? other : reg;
		rt_asm_op(code, true, RT_OP_LOAD, cell,
			(struct rt_asm_memory){RT_GS, RT_REG_NONE, (uint8_t)reg, 2, (int32_t)(16 * i)});
		emit_look(emitter, slow, cell,
			looked_at(look_of(memory), granules > 1 ? (unsigned)RT_REG_NONE : other, 0));
	}
}

/* An access as strong, of these bytes or more, was checked already. One that counts only under a condition was not. */
static bool is_checked(struct rt_emitter *emitter, const struct rt_memory *memory, bool is_chosen)
{
	bool plain = memory->form == RT_FORM_PLAIN;
	for (unsigned i = 0; plain && i < emitter->checked_count; i++) {
		const struct rt_memory *other = &emitter->checked[i];
		if (other->base == memory->base && other->index == memory->index &&
			other->scale == memory->scale && other->displacement == memory->displacement &&
			other->narrow == memory->narrow && other->segment == memory->segment &&
			other->bytes >= memory->bytes && (other->write || !memory->write))
			return true;
	}
	/* a store may be one that publishes: what comes after it is of another epoch */
	if (memory->write)
		emitter->checked_count = 0;
	if (plain && !is_chosen && emitter->checked_count < RT_CHECKED_MOST)
		emitter->checked[emitter->checked_count++] = *memory;
	return false;
}

/* For RT_WHAT_: whether the access counts only under a condition. */
static uint32_t chosen_at(const struct rt_body *body, uint32_t i, uint32_t access)
{
	const struct rt_insn *insn = &body->insns[i];
	if (!insn->chooses)
		return 0;
	unsigned condition = i == access ? insn->condition : rt_chosen_condition(body, i, access);
	return RT_WHAT_CHOSEN | condition << RT_WHAT_CONDITION;
}

/* The registers that the slow path needs as the program has them. */
static rt_regs_t registers_for(const struct rt_body *body, uint32_t access, const struct rt_memory *memory)
{
	bool stores_table = body->marks[access] & RT_MARK_VPTR;
	return registers_of(memory) | (stores_table ? 1u << rt_vptr_register(&body->insns[access]) : 0);
}

/* The check of `access`'s memory, before the instruction i, mostly the same. */
static void emit_one(struct rt_emitter *emitter, uint32_t i, uint32_t access, const struct rt_memory *memory)
{
	const struct rt_insn *insn = &emitter->body->insns[i];
	rt_regs_t used = registers_for(emitter->body, access, memory);
	uint32_t chosen = chosen_at(emitter->body, i, access);
	if (is_checked(emitter, memory, chosen))
		return;
	struct rt_slow_call *slow = rt_list_add(&emitter->slow);
	if (!slow) {
		emitter->no_memory = true;
		return;
	}
	unsigned reg = rt_emit_scratch(emitter, i, used), other = RT_REG_NONE;
	bool waits = emitter->body->marks[access] & RT_MARK_WAITS; /* then each time counts */
	bool simple = is_simple(emitter, memory) && !waits;
	if (simple && (!is_absolute(memory) || memory->bytes > 8))
		other = rt_emit_borrow(emitter, i, used | 1u << reg);
	slow->jump_count = 0;
	slow->insn = insn;
	slow->access = &emitter->body->insns[access];
	slow->memory = *memory;
	slow->chosen = chosen;
	slow->scratch = (uint8_t)reg;
	slow->borrowed = emitter->borrowed;
	slow->frame = rt_frame_at(&emitter->frames, emitter->body, insn);
	slow->waits = waits;
	slow->marks = emitter->body->marks[access];
	if (!simple)
		jump_slow(emitter, slow, RT_CONDITION_ALWAYS);
	else if (is_absolute(memory))
		emit_absolute(emitter, slow, absolute(emitter, memory), reg, other);
	else
		emit_computed(emitter, slow, reg, other);
	slow->back = rt_asm_here(&emitter->code);
}

/* In front of what fs leads to: the program's own, as the thread's descriptor is not. Others may be handed its address. */
static bool is_variable_of_thread(const struct rt_body *body, const struct rt_memory *memory)
{
	return memory->skip == RT_SKIP_THREAD && memory->segment == RT_SEGMENT_FS &&
	       memory->form == RT_FORM_PLAIN && !memory->narrow && memory->displacement < 0 &&
	       rt_segment_is_handed(body->module);
}

enum rt_skip rt_check_skips(const struct rt_body *body, uint32_t i, const struct rt_memory *memory)
{
	const struct rt_insn *insn = &body->insns[i];
	if (memory->skip && !is_variable_of_thread(body, memory))
		return memory->skip;
	if (!memory->segment && !body->takes_frame &&
		(memory->base == RT_RSP || (memory->base == RT_RBP && body->has_rbp_frame)))
		return RT_SKIP_FRAME;
	if (memory->base == RT_REG_PC && !memory->write &&
		rt_module_is_constant(body->module, memory->displacement, memory->bytes))
		return RT_SKIP_CONSTANT;
	return insn->flow == RT_FLOW_RETURN ? RT_SKIP_FRAME : RT_SKIP_NONE;
}

static bool is_checked_at_all(const struct rt_body *body, uint32_t i)
{
	for (unsigned n = 0; n < body->insns[i].memories; n++)
		if (!rt_check_skips(body, i, &body->insns[i].memory[n]))
			return true;
	return false;
}

/* Of what is put off, both places. */
bool rt_check_mark(struct rt_body *body)
{
	bool any = false;
	for (uint32_t i = 0; i < body->count; i++) {
		bool moves = body->marks[i] & RT_MARK_CHOSEN && body->insns[i].chooses;
		if (is_checked_at_all(body, i) || moves) {
			body->marks[i] |= RT_MARK_CHECKED;
			any = true;
		}
	}
	return any;
}

/* One check for as many used bytes in a row as a check can have, or for all. */
static void emit_used(struct rt_emitter *emitter, uint32_t i, uint32_t access, const struct rt_memory *memory)
{
	struct rt_memory piece = *memory;
	if (!memory->unused) {
		emit_one(emitter, i, access, memory);
		return;
	}
	for (unsigned at = 0; at < memory->bytes; at += piece.bytes) {
		unsigned row = 0;
		while (at + row < memory->bytes && !(memory->unused >> (at + row) & 1))
			row++;
		piece.bytes = row ? (uint16_t)(1u << (31 - __builtin_clz(row))) : 1;
		piece.displacement = memory->displacement + at;
		if (row)
			emit_one(emitter, i, access, &piece);
	}
}

/* The accesses of one instruction, checked before another, or before itself. */
static void emit_all(struct rt_emitter *emitter, uint32_t i, uint32_t access)
{
	const struct rt_body *body = emitter->body;
	const struct rt_insn *insn = &body->insns[access];
	for (unsigned n = 0; n < insn->memories; n++)
		if (!rt_check_skips(body, access, &insn->memory[n]))
			emit_used(emitter, i, access, &insn->memory[n]);
}

void rt_check_emit(struct rt_emitter *emitter, uint32_t i)
{
	const struct rt_body *body = emitter->body;
	if (!(body->marks[i] & RT_MARK_CHECKED))
		return;
	if (RT_LIKELY(!(body->marks[i] & RT_MARK_CHOSEN)))
		emit_all(emitter, i, i);
	else if (body->insns[i].chooses)
		for (uint32_t load = i; (load = rt_chosen_load(body, i, load)) != RT_NO_INSN;)
			emit_all(emitter, i, load);
}

/* ---- the slow path's calls ---- */

void rt_emit_call(struct rt_emitter *emitter, enum rt_slow_kind kind)
{
	static const uint8_t skip_red_zone[] = {0x48, 0x8d, 0x64, 0x24, (uint8_t)-RT_SLOW_RED_ZONE};
	static const uint8_t call[] = {RT_GS, 0xff, 0x14, 0x25};
	rt_asm_bytes(&emitter->code, skip_red_zone, sizeof(skip_red_zone));
	rt_asm_bytes(&emitter->code, call, sizeof(call));
	rt_asm_word(&emitter->code, RT_FRONT(calls) + (int32_t)(kind * sizeof(uintptr_t)));
}

void rt_emit_behind(struct rt_assembler *code, uintptr_t after, uint32_t what, struct rt_frame_place frame,
	const struct rt_memory *memory)
{
	struct rt_spread_how how = {memory->spread, memory->vector, memory->mask, memory->elements};
	rt_asm_moves(code, RT_MOVE_DISTANCE);
	rt_asm_word(code, (int32_t)(intptr_t)(after - rt_asm_here(code)));
	rt_asm_word(code, (int32_t)what);
	rt_asm_word(code, frame.cfa);
	rt_asm_word(code, (int32_t)frame.number);
	if (memory->spread)
		rt_asm_bytes(code, &how, sizeof(how));
}

static uint32_t what_of(const struct rt_slow_call *slow)
{
	const struct rt_memory *memory = &slow->memory;
	return memory->bytes | slow->chosen | (memory->bare ? RT_WHAT_BARE : 0) |
	       (memory->hushed ? RT_WHAT_OWN : 0) | (memory->read ? RT_WHAT_READ : 0) |
	       (memory->write ? RT_WHAT_WRITE : 0) | (slow->waits ? RT_WHAT_SPIN : 0) |
	       (slow->marks & RT_MARK_FLAG ? RT_WHAT_FLAG : 0) |
	       (slow->marks & RT_MARK_ONCE ? RT_WHAT_ONCE : 0) |
	       (slow->marks & RT_MARK_RING ? RT_WHAT_RING : 0) |
	       (slow->marks & RT_MARK_VPTR
			       ? RT_WHAT_VPTR | rt_vptr_register(slow->access) << RT_WHAT_CONDITION
			       : 0) |
	       ((slow->marks & (RT_MARK_OWN | RT_MARK_RING)) == RT_MARK_OWN ? RT_WHAT_OWN : 0) |
	       (slow->marks & RT_MARK_GLANCE ? RT_WHAT_GLANCE : 0) |
	       (memory->form == RT_FORM_STRING && memory->repeated ? RT_WHAT_REPEATED : 0) |
	       (memory->spread ? RT_WHAT_SPREAD : 0);
}

void rt_check_emit_slow(struct rt_emitter *emitter)
{
	struct rt_assembler *code = &emitter->code;
	for (uint32_t i = 0; i < emitter->slow.count; i++) {
		const struct rt_slow_call *slow = &emitter->slow.at[i];
		const struct rt_insn *access = slow->access;
		uintptr_t after = emitter->body->module->text.start + access->offset + access->bytes;
		emitter->borrowed = slow->borrowed;
		rt_emit_note(emitter, slow->insn->offset);
		for (unsigned n = 0; n < slow->jump_count; n++)
			rt_asm_lead(code, slow->jumps[n], rt_asm_here(code));
		rt_emit_address(emitter, &slow->memory, slow->scratch);
		rt_asm_segment(code, RT_OP_STORE, slow->scratch, RT_FS, RT_SLOT(address));
		rt_spread_keep(code, &slow->memory);
		rt_emit_call(emitter, RT_SLOW_ACCESS);
		rt_asm_jump(code, RT_CONDITION_ALWAYS, slow->back);
		rt_emit_behind(code, after, what_of(slow), slow->frame, &slow->memory);
	}
	emitter->slow.count = 0;
}

void rt_check_fini(struct rt_emitter *emitter)
{
	rt_list_fini(&emitter->slow);
}
