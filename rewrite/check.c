#include "check.h"

#include "map.h"
#include "slots.h"
#include "slow.h"
#include "spread.h"
#include "shadow/engine.h"

enum {
	FS = 0x64,
	GS = 0x65,
	JUMPS_MOST = 9,
	LOOK_AHEAD = 40, /* instructions, for the next use of a register */
};

struct rt_slow_call {
	uint8_t *jumps[JUMPS_MOST]; /* ends of the distances that lead to it */
	unsigned jump_count;
	uintptr_t back;
	const struct rt_insn *insn;
	struct rt_memory memory;
	uint8_t scratch;
	bool one_granule, waits, flag;
	struct rt_borrowed borrowed;
};

/* ---- what is borrowed ---- */

static void note(struct rt_emitter *emitter, uint32_t offset)
{
	rt_map_add(
		emitter->map, (uint32_t)(emitter->code.at - emitter->code.begin), offset, emitter->borrowed);
}

static void lend(struct rt_emitter *emitter, unsigned reg, uint32_t offset)
{
	rt_asm_segment(&emitter->code, RT_OP_STORE, reg, FS, RT_SLOT(reg[reg]));
	emitter->borrowed.registers |= 1u << reg;
	note(emitter, offset);
}

static void give_back(struct rt_emitter *emitter, rt_regs_t registers, uint32_t offset)
{
	registers &= emitter->borrowed.registers;
	if (!registers)
		return;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++)
		if (registers >> reg & 1)
			rt_asm_segment(&emitter->code, RT_OP_LOAD, reg, FS, RT_SLOT(reg[reg]));
	emitter->borrowed.registers &= ~registers;
	note(emitter, offset);
}

/* mov fs:[flags], ax, or back. */
static void move_flags(struct rt_emitter *emitter, unsigned opcode)
{
	rt_asm_byte(&emitter->code, 0x66);
	rt_asm_byte(&emitter->code, FS);
	rt_asm_byte(&emitter->code, opcode);
	rt_asm_byte(&emitter->code, 0x04);
	rt_asm_byte(&emitter->code, 0x25);
	rt_asm_word(&emitter->code, RT_SLOT(flags));
}

/* `live`: what may be read from here on. */
static void lend_flags(struct rt_emitter *emitter, rt_regs_t live, uint32_t offset)
{
	static const uint8_t to_rax[] = {0x9f, 0x0f, 0x90, 0xc0}; /* lahf; seto al */
	if (live & 1u << RT_RAX && !(emitter->borrowed.registers & 1u << RT_RAX))
		lend(emitter, RT_RAX, offset);
	rt_asm_bytes(&emitter->code, to_rax, sizeof(to_rax));
	move_flags(emitter, RT_OP_STORE);
	emitter->borrowed.flags = true;
	note(emitter, offset);
}

static void give_back_flags(struct rt_emitter *emitter, rt_regs_t live, uint32_t offset)
{
	static const uint8_t from_rax[] = {0x04, 0x7f, 0x9e}; /* add al, 127; sahf */
	bool lent = emitter->borrowed.registers & 1u << RT_RAX, lends = !lent && live & 1u << RT_RAX;
	if (lends)
		lend(emitter, RT_RAX, offset);
	move_flags(emitter, RT_OP_LOAD);
	rt_asm_bytes(&emitter->code, from_rax, sizeof(from_rax));
	emitter->borrowed.flags = false;
	note(emitter, offset);
	if (lends)
		give_back(emitter, 1u << RT_RAX, offset);
}

void rt_check_settle(struct rt_emitter *emitter, rt_regs_t live, uint32_t offset)
{
	if (emitter->borrowed.flags && live & RT_FLAGS_ALL)
		give_back_flags(emitter, live, offset);
	give_back(emitter, live, offset);
	if (emitter->borrowed.flags || emitter->borrowed.registers) {
		emitter->borrowed = (struct rt_borrowed){0, false};
		note(emitter, offset);
	}
	emitter->checked_count = 0;
}

/* What the instruction may change makes what was checked by it another address. */
static void forget_checked(struct rt_emitter *emitter, const struct rt_insn *insn)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < emitter->checked_count; i++) {
		const struct rt_memory *memory = &emitter->checked[i];
		rt_regs_t used = (memory->base < RT_REGISTERS ? 1u << memory->base : 0) |
				 (memory->index < RT_REGISTERS ? 1u << memory->index : 0);
		if (!(used & insn->changes) && !insn->is_locked && !insn->is_fence)
			emitter->checked[kept++] = *memory;
	}
	emitter->checked_count = kept;
}

void rt_check_prepare(struct rt_emitter *emitter, uint32_t i)
{
	const struct rt_body *body = emitter->body;
	const struct rt_insn *insn = &body->insns[i];
	rt_regs_t live = body->live[i];
	if (insn->flow != RT_FLOW_NEXT) {
		rt_check_settle(emitter, live, insn->offset);
		return;
	}
	if (emitter->borrowed.flags) {
		uint32_t next = body->next[i];
		rt_regs_t after = next == RT_NO_INSN ? RT_LIVE_ALL : body->live[next];
		bool needed = after & RT_FLAGS_ALL & ~insn->sets;
		if (insn->uses & RT_FLAGS_ALL || (needed && insn->sets & RT_FLAGS_ALL))
			give_back_flags(emitter, live, insn->offset);
		else if (!needed)
			emitter->borrowed.flags = false;
	}
	give_back(emitter, insn->uses, insn->offset);
	emitter->borrowed.registers &= ~insn->sets;
	forget_checked(emitter, insn);
}

/* ---- scratch registers ---- */

/* Of these registers the one that is not used for longest. */
static unsigned last_used(const struct rt_body *body, uint32_t i, rt_regs_t registers)
{
	uint32_t at = i;
	for (unsigned far = 0; far < LOOK_AHEAD && at != RT_NO_INSN; far++, at = body->next[at]) {
		rt_regs_t left = registers & ~(body->insns[at].uses | body->insns[at].sets);
		if (!left)
			break;
		registers = left;
	}
	return (unsigned)__builtin_ctz(registers);
}

/* A register that may be overwritten, none of `avoid`. */
static unsigned borrow(struct rt_emitter *emitter, uint32_t i, rt_regs_t avoid)
{
	const rt_regs_t never = 1u << RT_RSP | 1u << RT_RBP; /* stacks are walked by them */
	const struct rt_body *body = emitter->body;
	rt_regs_t free = ~(avoid | never) & RT_REGS_ALL;
	if (emitter->borrowed.registers & free)
		return (unsigned)__builtin_ctz(emitter->borrowed.registers & free);
	if (~body->live[i] & free)
		return (unsigned)__builtin_ctz(~body->live[i] & free);
	unsigned best = last_used(body, i, free);
	lend(emitter, best, body->insns[i].offset);
	return best;
}

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
	return memory->base == RT_REG_PC || (memory->base == RT_REG_NONE && memory->index == RT_REG_NONE);
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
	rt_asm_segment(code, RT_OP_LOAD, reg, FS, 0);
	if (memory->base == RT_RSP)
		address = (struct rt_asm_memory){0, RT_RSP, (uint8_t)reg, 1, 0};
	if (memory->base != RT_REG_NONE)
		rt_asm_op(code, true, RT_OP_LEA, reg, address);
	rt_asm_op(code, true, RT_OP_LEA, reg,
		(struct rt_asm_memory){
			0, (uint8_t)reg, memory->index, memory->scale, (int32_t)memory->displacement});
}

/* The address into `reg`. */
static void emit_address(struct rt_emitter *emitter, const struct rt_memory *memory, unsigned reg)
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
	rt_asm_segment(&emitter->code, RT_OP_XOR, reg, FS, RT_SLOT_EXPECTED);
	rt_asm_op(&emitter->code, true, RT_OP_TEST, reg, looked_at);
	jump_slow(emitter, slow, RT_CONDITION_NOT_EQUAL);
}

static struct rt_asm_memory looked_at(unsigned look, unsigned index, unsigned offset)
{
	return (struct rt_asm_memory){
		GS, RT_REG_NONE, (uint8_t)index, 8, RT_FRONT_LOOKED(look) + (int32_t)(8 * offset)};
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
	for (unsigned i = 0; i < granules; i++) {
		unsigned cell = i + 1 < granules ? other : reg;
		rt_asm_op(&emitter->code, true, RT_OP_LOAD, cell,
			(struct rt_asm_memory){GS, (uint8_t)reg, RT_REG_NONE, 1, (int32_t)(16 * i)});
		emit_look(emitter, slow, cell, looked_at(look_of(memory), RT_REG_NONE, address % 8));
	}
}

static void emit_computed(struct rt_emitter *emitter, struct rt_slow_call *slow, unsigned reg, unsigned other)
{
	struct rt_assembler *code = &emitter->code;
	const struct rt_memory *memory = &slow->memory;
	unsigned granules = memory->bytes <= 8 ? 1 : memory->bytes / 8;
	emit_address(emitter, memory, reg);
	if (granules == 1) {
		rt_asm_move_low(code, other, reg);
		rt_asm_offset_in_granule(code, other);
	} else {
		rt_asm_test_aligned(code, reg);
		jump_slow(emitter, slow, RT_CONDITION_NOT_EQUAL);
	}
	rt_asm_segment(code, RT_OP_AND, reg, GS, RT_FRONT(place));
	for (unsigned i = 0; i < granules; i++) {
		unsigned cell = i + 1 < granules ? other : reg;
		rt_asm_op(code, true, RT_OP_LOAD, cell,
			(struct rt_asm_memory){GS, RT_REG_NONE, (uint8_t)reg, 2, (int32_t)(16 * i)});
		emit_look(emitter, slow, cell,
			looked_at(look_of(memory), granules > 1 ? (unsigned)RT_REG_NONE : other, 0));
	}
}

static struct rt_slow_call *new_slow(struct rt_emitter *emitter)
{
	if (emitter->slow_count == emitter->slow_room) {
		uint32_t room = emitter->slow_room ? 2 * emitter->slow_room : 256;
		struct rt_slow_call *slow = rt_alloc(room * sizeof(*slow));
		if (!slow) {
			emitter->no_memory = true;
			return NULL;
		}
		rt_bytes_copy(slow, emitter->slow, emitter->slow_count * sizeof(*slow));
		rt_free(emitter->slow, emitter->slow_room * sizeof(*slow));
		emitter->slow = slow;
		emitter->slow_room = room;
	}
	return &emitter->slow[emitter->slow_count++];
}

/* An access as strong, of these bytes or more, was checked already. */
static bool is_checked(struct rt_emitter *emitter, const struct rt_memory *memory)
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
	if (plain && emitter->checked_count < RT_CHECKED_MOST)
		emitter->checked[emitter->checked_count++] = *memory;
	return false;
}

static void emit_one(struct rt_emitter *emitter, uint32_t i, const struct rt_memory *memory)
{
	const struct rt_insn *insn = &emitter->body->insns[i];
	rt_regs_t used = registers_of(memory), live = emitter->body->live[i];
	if (is_checked(emitter, memory))
		return;
	struct rt_slow_call *slow = new_slow(emitter);
	if (!slow)
		return;
	if (live & RT_FLAGS_ALL && !emitter->borrowed.flags)
		lend_flags(emitter, live, insn->offset);
	give_back(emitter, used, insn->offset);
	unsigned reg = borrow(emitter, i, used), other = RT_REG_NONE;
	bool waits = emitter->body->marks[i] & RT_MARK_WAITS; /* then each time counts */
	bool simple = is_simple(emitter, memory) && !waits;
	if (simple && (!is_absolute(memory) || memory->bytes > 8))
		other = borrow(emitter, i, used | 1u << reg);
	slow->jump_count = 0;
	slow->insn = insn;
	slow->memory = *memory;
	slow->scratch = (uint8_t)reg;
	slow->borrowed = emitter->borrowed;
	slow->waits = waits;
	slow->flag = emitter->body->marks[i] & RT_MARK_FLAG;
	slow->one_granule = simple && memory->bytes <= 8;
	if (!simple)
		jump_slow(emitter, slow, RT_CONDITION_ALWAYS);
	else if (is_absolute(memory))
		emit_absolute(emitter, slow, absolute(emitter, memory), reg, other);
	else
		emit_computed(emitter, slow, reg, other);
	slow->back = rt_asm_here(&emitter->code);
}

enum rt_skip rt_check_skips(const struct rt_body *body, uint32_t i, const struct rt_memory *memory)
{
	const struct rt_insn *insn = &body->insns[i];
	if (memory->skip)
		return memory->skip;
	if (!memory->segment && !body->takes_frame &&
		(memory->base == RT_RSP || (memory->base == RT_RBP && body->has_rbp_frame)))
		return RT_SKIP_FRAME;
	if (memory->base == RT_REG_PC && !memory->write &&
		rt_module_is_constant(body->module, memory->displacement, memory->bytes))
		return RT_SKIP_CONSTANT;
	return insn->flow == RT_FLOW_RETURN ? RT_SKIP_FRAME : RT_SKIP_NONE;
}

bool rt_check_mark(struct rt_body *body)
{
	bool any = false;
	for (uint32_t i = 0; i < body->count; i++)
		for (unsigned n = 0; n < body->insns[i].memories; n++)
			if (!rt_check_skips(body, i, &body->insns[i].memory[n])) {
				body->marks[i] |= RT_MARK_CHECKED;
				any = true;
			}
	return any;
}

void rt_check_emit(struct rt_emitter *emitter, uint32_t i)
{
	const struct rt_insn *insn = &emitter->body->insns[i];
	if (!(emitter->body->marks[i] & RT_MARK_CHECKED))
		return;
	for (unsigned n = 0; n < insn->memories; n++)
		if (!rt_check_skips(emitter->body, i, &insn->memory[n]))
			emit_one(emitter, i, &insn->memory[n]);
}

/* ---- atomic changes ---- */

static void emit_call(struct rt_emitter *emitter, enum rt_slow_kind kind)
{
	static const uint8_t skip_red_zone[] = {0x48, 0x8d, 0x64, 0x24, (uint8_t)-RT_SLOW_RED_ZONE};
	static const uint8_t call[] = {GS, 0xff, 0x14, 0x25};
	rt_asm_bytes(&emitter->code, skip_red_zone, sizeof(skip_red_zone));
	rt_asm_bytes(&emitter->code, call, sizeof(call));
	rt_asm_word(&emitter->code, RT_FRONT(calls) + (int32_t)(kind * sizeof(uintptr_t)));
}

static void emit_how(struct rt_assembler *code, const struct rt_memory *memory)
{
	struct rt_spread_how how = {memory->spread, memory->vector, memory->mask, memory->elements};
	if (memory->spread)
		rt_asm_bytes(code, &how, sizeof(how));
}

/* Prefixes that say how an address is made: segments and its size. */
static bool is_of_address(uint8_t byte)
{
	return byte == FS || byte == GS || byte == 0x67 || (byte & 0xe7) == 0x26;
}

static bool is_prefix(uint8_t byte)
{
	return byte == 0xf0 || byte == 0xf2 || byte == 0xf3 || byte == 0x66 || is_of_address(byte);
}

/* The instruction with its memory operand at [reg]; its bytes, 0: it can't be had so. Of a ModRM byte and a register that
 * needs no SIB byte and no displacement. */
static unsigned encode_at(
	const struct rt_emitter *emitter, const struct rt_insn *insn, unsigned reg, uint8_t *to)
{
	const uint8_t *from = emitter->body->module->text.code + insn->offset, *end = from + insn->bytes;
	unsigned count = 0;
	uint8_t rex = 0;
	for (; is_prefix(*from); from++)
		if (!is_of_address(*from))
			to[count++] = *from;
	if ((*from & 0xf0) == 0x40)
		rex = *from++;
	if ((*from & 0xf0) == 0x40 || is_prefix(*from))
		return 0; /* it counts only right before the opcode */
	if (!rex && reg >= 8)
		return 0; /* a new one would change what ah means */
	if (rex)
		to[count++] = (uint8_t)((rex & 0x4c) | reg >> 3);
	if (*from == 0x0f)
		to[count++] = *from++;
	to[count++] = *from++;
	unsigned modrm = *from++, mode = modrm >> 6, base = modrm & 7;
	if (mode == 3)
		return 0;
	if (base == 4)
		base = *from++ & 7;
	from += mode == 1 ? 1 : mode == 2 || base == 5 ? 4 : 0;
	to[count++] = (uint8_t)((modrm & 0x38) | (reg & 7));
	while (from < end)
		to[count++] = *from++;
	return count;
}

/* cmpxchg, cmpxchg8b, cmpxchg16b. */
static bool compares(const struct rt_emitter *emitter, const struct rt_insn *insn)
{
	const uint8_t *at = emitter->body->module->text.code + insn->offset, *end = at + insn->bytes;
	while (at < end && *at != 0x0f)
		at++;
	return at + 1 < end && ((at[1] & 0xfe) == 0xb0 || at[1] == 0xc7);
}

/* What may be a base without more: not rsp, rbp, r12, r13. */
static const rt_regs_t bases = 0xcfcf;

bool rt_check_is_atomic(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return insn->is_locked && insn->memories == 1 && !rt_check_skips(body, i, &insn->memory[0]);
}

void rt_check_emit_atomic(struct rt_emitter *emitter, uint32_t i)
{
	struct rt_assembler *code = &emitter->code;
	const struct rt_insn *insn = &emitter->body->insns[i];
	const struct rt_memory *memory = &insn->memory[0];
	uint8_t bytes[16 + 1];
	rt_regs_t used = insn->uses | insn->changes | ~bases;
	unsigned reg = (unsigned)__builtin_ctz(~used & 0xffff & bases);
	unsigned count = encode_at(emitter, insn, reg, bytes);
	rt_check_prepare(emitter, i);
	unsigned scratch = borrow(emitter, i, insn->uses | insn->changes);
	uintptr_t after = emitter->body->module->text.start + insn->offset + insn->bytes;
	uint8_t *jump;
	uint32_t what = memory->bytes | RT_WHAT_READ | RT_WHAT_WRITE | reg << RT_WHAT_LOOK_SHIFT |
			(memory->spread ? RT_WHAT_SPREAD : 0) |
			(compares(emitter, insn) ? RT_WHAT_COMPARES : 0);
	emitter->no_atomic |= !count;
	emit_address(emitter, memory, scratch);
	rt_asm_segment(code, RT_OP_STORE, scratch, FS, RT_SLOT(address));
	emit_call(emitter, RT_SLOW_ATOMIC);
	note(emitter, insn->offset + insn->bytes);
	rt_asm_jump(code, RT_CONDITION_ALWAYS, 0);
	jump = code->at;
	rt_asm_word(code, (int32_t)(intptr_t)(after - rt_asm_here(code)));
	rt_asm_word(code, (int32_t)what);
	emit_how(code, memory);
	bytes[count++] = 0xc3;
	rt_asm_bytes(code, bytes, count);
	rt_asm_lead(code, jump, rt_asm_here(code));
}

/* ---- the slow path's calls ---- */

static uint32_t what_of(const struct rt_slow_call *slow)
{
	const struct rt_memory *memory = &slow->memory;
	return memory->bytes | (memory->read ? RT_WHAT_READ : 0) | (memory->write ? RT_WHAT_WRITE : 0) |
	       (slow->waits ? RT_WHAT_SPIN : 0) | (slow->flag ? RT_WHAT_FLAG : 0) |
	       (memory->form == RT_FORM_STRING && memory->repeated ? RT_WHAT_REPEATED : 0) |
	       (memory->spread ? RT_WHAT_SPREAD : 0) |
	       (slow->one_granule ? look_of(memory) : (unsigned)RT_LOOK_NEVER) << RT_WHAT_LOOK_SHIFT;
}

void rt_check_emit_slow(struct rt_emitter *emitter)
{
	struct rt_assembler *code = &emitter->code;
	for (uint32_t i = 0; i < emitter->slow_count; i++) {
		const struct rt_slow_call *slow = &emitter->slow[i];
		const struct rt_insn *insn = slow->insn;
		uintptr_t after = emitter->body->module->text.start + insn->offset + insn->bytes;
		emitter->borrowed = slow->borrowed;
		note(emitter, insn->offset);
		for (unsigned n = 0; n < slow->jump_count; n++)
			rt_asm_lead(code, slow->jumps[n], rt_asm_here(code));
		emit_address(emitter, &slow->memory, slow->scratch);
		rt_asm_segment(code, RT_OP_STORE, slow->scratch, FS, RT_SLOT(address));
		rt_spread_keep(code, &slow->memory);
		emit_call(emitter, RT_SLOW_ACCESS);
		rt_asm_jump(code, RT_CONDITION_ALWAYS, slow->back);
		rt_asm_word(code, (int32_t)(intptr_t)(after - rt_asm_here(code)));
		rt_asm_word(code, (int32_t)what_of(slow));
		emit_how(code, &slow->memory);
	}
	emitter->slow_count = 0;
}

void rt_check_fini(struct rt_emitter *emitter)
{
	rt_free(emitter->slow, emitter->slow_room * sizeof(*emitter->slow));
	emitter->slow = NULL;
	emitter->slow_count = emitter->slow_room = 0;
}
