/* One instruction in the words of code.h, from what Zydis says of its bytes and what the manual adds to that. Slow: a few
 * hundred nanoseconds. decode.h is the way in; this is what it remembers, and what its tests compare it with.
 *
 * Who may include it: rewrite/decode.c and what it is made of, rewrite/vector.c, tests. One thread at a time. */
#ifndef RACETRACK_REWRITE_DESCRIBE_H
#define RACETRACK_REWRITE_DESCRIBE_H

#include "code.h"

#include <Zydis/Zydis.h>

enum { RT_INSN_BYTES = 15 }; /* the longest */

/* As if it stood at offset 0, in a text without end: the displacement of a pc-relative memory is an offset from its first
 * byte. */
struct rt_description {
	struct rt_insn insn;
	bool has_relative;           /* a direct branch or call */
	int64_t relative;            /* from the instruction's first byte to its target */
	uint8_t disp_at, disp_bytes; /* where the displacement stands; 0 bytes: none */
	uint8_t imm_at, imm_bytes;   /* all immediates, which are the instruction's last bytes */
};

/* NULL: Zydis is there; else what is missing. */
RT_HIDDEN const char *rt_describe_open(void);

/* At most `room` bytes are read. False: as rt_decode. */
RT_HIDDEN bool rt_describe(const uint8_t *code, size_t room, struct rt_description *description);

/* ---- its parts ---- */

/* What Zydis says. */
struct rt_decoded {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

/* A general register or a part of one; bits 0: it is none. */
struct rt_part {
	uint8_t reg, bits;
};
RT_HIDDEN struct rt_part rt_part_of(ZydisRegister reg);

/* A vector register's number, 0 to 31; it is none: */
enum { RT_NO_VECTOR = 0xff };
static inline unsigned rt_vector_number(ZydisRegister reg)
{
	if (reg >= ZYDIS_REGISTER_XMM0 && reg <= ZYDIS_REGISTER_XMM31)
		return reg - ZYDIS_REGISTER_XMM0;
	if (reg >= ZYDIS_REGISTER_YMM0 && reg <= ZYDIS_REGISTER_YMM31)
		return reg - ZYDIS_REGISTER_YMM0;
	if (reg >= ZYDIS_REGISTER_ZMM0 && reg <= ZYDIS_REGISTER_ZMM31)
		return reg - ZYDIS_REGISTER_ZMM0;
	return RT_NO_VECTOR;
}
static inline unsigned rt_vector_bytes(ZydisRegister reg)
{
	return reg >= ZYDIS_REGISTER_ZMM0 ? 64 : reg >= ZYDIS_REGISTER_YMM0 ? 32 : 16;
}

/* Only what Zydis says. False: as rt_describe. */
RT_HIDDEN bool rt_describe_operands(const uint8_t *code, size_t room, struct rt_decoded *decoded);

/* The instruction was never decoded with an F2 or F3 that means rep but counts as none, see effects.c. */
RT_HIDDEN bool rt_is_repeated(const struct rt_decoded *decoded);
RT_HIDDEN bool rt_is_string(const struct rt_decoded *decoded);

/* Fill in uses, sets, changes, takes_frame and sets_rbp_frame. The flow is known. */
RT_HIDDEN void rt_describe_registers(const struct rt_decoded *decoded, struct rt_insn *insn);
RT_HIDDEN void rt_describe_flags(const struct rt_decoded *decoded, struct rt_insn *insn);
RT_HIDDEN void rt_describe_frame(const struct rt_decoded *decoded, struct rt_insn *insn);

/* Fills in the memories. The length is known. */
RT_HIDDEN void rt_describe_memories(const struct rt_decoded *decoded, struct rt_insn *insn);
/* The form of an operand in memory, and what there is to know of it if it is not plain: `bytes` is the operand's. False: it is
 * of a form that is not understood. */
RT_HIDDEN bool rt_describe_spread(
	const struct rt_decoded *decoded, const ZydisDecodedOperand *operand, struct rt_memory *memory);

#endif
