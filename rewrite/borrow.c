/* Registers and flags that a check may overwrite: those that nothing reads any more; else one is kept in its slot until an
 * instruction needs it. */
#include "emit.h"

#include "map.h"
#include "slots.h"

enum { LOOK_AHEAD = 40 /* instructions, for the next use of a register */ };

void rt_emit_note(struct rt_emitter *emitter, uint32_t offset)
{
	rt_map_add(
		emitter->map, (uint32_t)(emitter->code.at - emitter->code.begin), offset, emitter->borrowed);
}

static void lend(struct rt_emitter *emitter, unsigned reg, uint32_t offset)
{
	rt_asm_segment(&emitter->code, RT_OP_STORE, reg, RT_FS, RT_SLOT(reg[reg]));
	emitter->borrowed.registers |= 1u << reg;
	rt_emit_note(emitter, offset);
}

void rt_emit_give_back(struct rt_emitter *emitter, rt_regs_t registers, uint32_t offset)
{
	registers &= emitter->borrowed.registers;
	if (!registers)
		return;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++)
		if (registers >> reg & 1)
			rt_asm_segment(&emitter->code, RT_OP_LOAD, reg, RT_FS, RT_SLOT(reg[reg]));
	emitter->borrowed.registers &= ~registers;
	rt_emit_note(emitter, offset);
}

/* mov fs:[flags], ax, or back. */
static void move_flags(struct rt_emitter *emitter, unsigned opcode)
{
	rt_asm_byte(&emitter->code, 0x66);
	rt_asm_byte(&emitter->code, RT_FS);
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
	rt_emit_note(emitter, offset);
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
	rt_emit_note(emitter, offset);
	if (lends)
		rt_emit_give_back(emitter, 1u << RT_RAX, offset);
}

void rt_check_settle(struct rt_emitter *emitter, rt_regs_t live, uint32_t offset)
{
	if (emitter->borrowed.flags && live & RT_FLAGS_ALL)
		give_back_flags(emitter, live, offset);
	rt_emit_give_back(emitter, live, offset);
	if (emitter->borrowed.flags || emitter->borrowed.registers) {
		emitter->borrowed = (struct rt_borrowed){0, false};
		rt_emit_note(emitter, offset);
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
	rt_emit_give_back(emitter, insn->uses, insn->offset);
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

unsigned rt_emit_borrow(struct rt_emitter *emitter, uint32_t i, rt_regs_t avoid)
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

unsigned rt_emit_scratch(struct rt_emitter *emitter, uint32_t i, rt_regs_t used)
{
	rt_regs_t live = emitter->body->live[i];
	uint32_t offset = emitter->body->insns[i].offset;
	if (live & RT_FLAGS_ALL && !emitter->borrowed.flags)
		lend_flags(emitter, live, offset);
	rt_emit_give_back(emitter, used, offset);
	return rt_emit_borrow(emitter, i, used);
}
