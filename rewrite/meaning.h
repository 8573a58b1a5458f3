/* What an instruction computes: of the few by which code moves, counts and compares its variables.
 *
 * Who may include it: rewrite/. Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2. */
#ifndef RACETRACK_REWRITE_MEANING_H
#define RACETRACK_REWRITE_MEANING_H

#include "body.h"

enum rt_operation {
	RT_DO_OTHER,
	RT_DO_MOVE,
	RT_DO_WIDEN,      /* movsx, movsxd, cdqe: with the sign */
	RT_DO_WIDEN_BY_0, /* movzx */
	RT_DO_ADDRESS,    /* lea */
	RT_DO_CONDITION,  /* setcc */
	RT_DO_CHOOSE,     /* cmovcc: a move, or nothing */
	RT_DO_ADD,        /* inc and dec, too */
	RT_DO_SUBTRACT,
	RT_DO_AND,
	RT_DO_OR,
	RT_DO_XOR,
	RT_DO_COMPARE, /* a subtraction that only sets flags */
	RT_DO_TEST,    /* an and that only sets flags */
};

/* An operand: a general register's number, or one of these. */
enum { RT_OPERAND_MEMORY = 0x40, RT_OPERAND_IMMEDIATE };

struct rt_meaning {
	int64_t immediate;
	uint8_t operation;  /* enum rt_operation */
	uint8_t bytes;      /* of the result, 1 to 8 */
	uint8_t from_bytes; /* of the source: others than `bytes` where something is widened */
	uint8_t to, from;   /* of RT_DO_OTHER: not filled in */
};

/* Of an instruction of the body. What it does beside that to memory and flags it says itself. */
RT_HIDDEN struct rt_meaning rt_meaning_of(const struct rt_body *body, const struct rt_insn *insn);

/* Of two constants; `*known` false: it is not worked out. */
RT_HIDDEN int64_t rt_meaning_compute(uint8_t operation, uint64_t one, uint64_t another, bool *known);

#endif
