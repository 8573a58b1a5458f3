#include "emit.h"

#include "slots.h"
#include "shadow/activation.h"

enum { BLOCK_MOST = 64, ENTRY_CFA = 8 /* the return address alone */ };

_Static_assert((int)RT_ACTIVATION_START_BITS == (int)RT_FRAME_START_BITS,
	"walks know a function's start by the same bits");

static bool begin(struct rt_frame_program *program, const struct rt_body *body)
{
	const struct rt_module *module = body->module;
	uintptr_t at = module->whole.low + body->function->fde;
	struct rt_range segment = rt_module_segment(module, at);
	struct rt_eh_fde fde;
	rt_bytes_zero(&fde, sizeof(fde));
	if (!body->function->fde ||
		!rt_eh_read_fde((struct rt_eh_memory){segment.low, segment.high}, at, &fde) ||
		fde.start != module->text.start + body->function->start)
		return false;
	rt_frame_program_begin(program, &fde);
	return true;
}

static struct rt_frame_rule rule_at(
	struct rt_frame_program *program, const struct rt_body *body, const struct rt_insn *insn)
{
	return rt_frame_program_rule(program, body->module->text.start + insn->offset);
}

static bool is_known(struct rt_frame_rule rule)
{
	return (rule.kind == RT_FRAME_SP || rule.kind == RT_FRAME_BP) && rule.cfa_offset > 0;
}

/* A part of a function that has another start is not called: its frame is that function's. */
static bool is_called(struct rt_frame_program *program, const struct rt_body *body)
{
	struct rt_frame_rule rule = rule_at(program, body, &body->insns[0]);
	return body->insns[0].offset == body->function->start && rule.kind == RT_FRAME_SP &&
	       rule.cfa_offset == ENTRY_CFA;
}

/* The instruction to arm before; RT_NO_INSN: none. */
static uint32_t place_to_arm(struct rt_frame_program *program, const struct rt_body *body)
{
	uint32_t best = RT_NO_INSN, at = 0;
	for (unsigned count = 0; count < BLOCK_MOST; count++) {
		if (!(body->live[at] & RT_FLAGS_ALL) && is_known(rule_at(program, body, &body->insns[at])))
			best = at;
		uint32_t next = body->next[at];
		if (body->marks[at] & RT_MARK_CHECKED || body->insns[at].flow != RT_FLOW_NEXT ||
			next == RT_NO_INSN || next < at || body->marks[next] & RT_MARK_LEADER)
			break;
		at = next;
	}
	return best;
}

static void go_back(struct rt_frame_finder *finder)
{
	rt_bytes_copy(&finder->program, &finder->begun, sizeof(finder->program));
}

void rt_frame_mark(struct rt_frame_finder *finder, struct rt_body *body)
{
	finder->arms = false;
	if (!body->count || !begin(&finder->begun, body))
		return;
	go_back(finder);
	if (!is_called(&finder->program, body))
		return;
	uint32_t place = place_to_arm(&finder->program, body);
	if (place == RT_NO_INSN)
		return;
	body->marks[place] |= RT_MARK_ARMS;
	finder->arms = true;
	finder->number = (body->function->start << RT_ACTIVATION_START_BITS | finder->begun.start) &
			 ~RT_ACTIVATION_ARMED;
}

void rt_frame_begin(struct rt_frame_finder *finder)
{
	if (finder->arms)
		go_back(finder);
}

struct rt_frame_place rt_frame_at(
	struct rt_frame_finder *finder, const struct rt_body *body, const struct rt_insn *insn)
{
	if (!finder->arms)
		return (struct rt_frame_place){0, 0};
	struct rt_frame_rule rule = rule_at(&finder->program, body, insn);
	if (!is_known(rule))
		return (struct rt_frame_place){0, 0};
	return (struct rt_frame_place){2 * rule.cfa_offset | (rule.kind == RT_FRAME_BP), finder->number};
}

/* and reg32, constant */
static void emit_mask(struct rt_assembler *code, unsigned reg, uint32_t constant)
{
	rt_asm_byte(code, 0x40 | reg >> 3);
	rt_asm_byte(code, 0x81);
	rt_asm_byte(code, 0xe0 | (reg & 7));
	rt_asm_word(code, (int32_t)constant);
}

void rt_frame_arm(struct rt_emitter *emitter, uint32_t i)
{
	struct rt_assembler *code = &emitter->code;
	struct rt_frame_place place = rt_frame_at(&emitter->frames, emitter->body, &emitter->body->insns[i]);
	if (!place.cfa)
		return;
	unsigned reg = rt_emit_borrow(emitter, i, 0);
	rt_asm_op(code, true, RT_OP_LEA, reg,
		(struct rt_asm_memory){0, place.cfa & 1 ? RT_RBP : RT_RSP, RT_REG_NONE, 1, place.cfa >> 1});
	emit_mask(code, reg, RT_ACTIVATION_PLACES);
	rt_asm_segment(code, RT_OP_ADD, reg, RT_FS, rt_slots_distance(&rt_activations));
	rt_asm_op(code, false, RT_OP_STORE_CONSTANT, 0,
		(struct rt_asm_memory){0, (uint8_t)reg, RT_REG_NONE, 1, RT_ACTIVATION_STATE});
	rt_asm_word(code, (int32_t)(RT_ACTIVATION_ARMED | place.number));
}
