#include "emit.h"

#include "slots.h"

enum { LINE = 64 };

/* Programs ask early for what they are about to look at by chance; the cells are twice as large, and missed as often. */
void rt_check_emit_prefetch(struct rt_emitter *emitter, uint32_t i)
{
	const struct rt_insn *insn = &emitter->body->insns[i];
	struct rt_assembler *code = &emitter->code;
	unsigned reg = rt_emit_scratch(emitter, i, insn->uses);
	rt_emit_address(emitter, &insn->memory[0], reg);
	rt_asm_segment(code, RT_OP_AND, reg, RT_GS, RT_FRONT(place));
	for (int32_t line = 0; line < 2; line++)
		rt_asm_op(code, false, RT_OP_PREFETCH, 1,
			(struct rt_asm_memory){RT_GS, RT_REG_NONE, (uint8_t)reg, 2, line * LINE});
}
