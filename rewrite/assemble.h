/* Writing instructions: the few forms that clones need, each a function.
 *
 * Who may include it: rewrite/. Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2
 * (prefixes, ModRM and SIB bytes). */
#ifndef RACETRACK_REWRITE_ASSEMBLE_H
#define RACETRACK_REWRITE_ASSEMBLE_H

#include "bytes.h"
#include "code.h"
#include "moves.h"

struct rt_assembler {
	uint8_t *begin, *at, *end;
	uintptr_t run;          /* the address that *begin will run at */
	bool full;              /* something found no room; `at` stays */
	struct rt_moves *moves; /* NULL: nobody asks what depends on where things are */
};

/* Opcodes with a ModRM byte; of two bytes, the first is above. */
enum {
	RT_OP_ADD = 0x03, /* r, r/m */
	RT_OP_XOR = 0x33,
	RT_OP_AND = 0x23,  /* r, r/m */
	RT_OP_TEST = 0x85, /* r/m, r */
	RT_OP_STORE = 0x89,
	RT_OP_LOAD = 0x8b,
	RT_OP_LEA = 0x8d,
	RT_OP_STORE_CONSTANT = 0xc7, /* r/m, a word that follows; of register 0 */
	RT_OP_PREFETCH = 0x0f18,     /* r/m; register 1: into all caches */
};
enum { RT_CONDITION_ALWAYS = 16 };

static inline uintptr_t rt_asm_here(const struct rt_assembler *code)
{
	return code->run + (uintptr_t)(code->at - code->begin);
}

static inline void rt_asm_bytes(struct rt_assembler *code, const void *bytes, size_t count)
{
	if ((size_t)(code->end - code->at) < count) {
		code->full = true;
		return;
	}
	rt_bytes_copy_few(code->at, bytes, count);
	code->at += count;
}

static inline void rt_asm_byte(struct rt_assembler *code, unsigned byte)
{
	uint8_t one = (uint8_t)byte;
	if (code->at == code->end) {
		code->full = true;
		return;
	}
	*code->at++ = one;
}

static inline void rt_asm_word(struct rt_assembler *code, int32_t word)
{
	if (code->end - code->at < (ptrdiff_t)sizeof(word)) {
		code->full = true;
		return;
	}
	rt_word_put(code->at, word);
	code->at += sizeof(word);
}

/* What is written next depends on where the module is. */
static inline void rt_asm_moves(struct rt_assembler *code, enum rt_move kind)
{
	if (code->moves)
		rt_moves_add(code->moves, rt_asm_here(code), kind);
}

/* So do the last bytes that were written. */
static inline void rt_asm_moved(struct rt_assembler *code, enum rt_move kind, size_t bytes)
{
	if (code->moves && !code->full)
		rt_moves_add(code->moves, rt_asm_here(code) - bytes, kind);
}

/* The distance from the end of a 4-byte field that is written next to `target`; 0: which rt_asm_lead will tell. */
static inline void rt_asm_distance(struct rt_assembler *code, uintptr_t target)
{
	if (target)
		rt_asm_moves(code, RT_MOVE_DISTANCE);
	rt_asm_word(code, (int32_t)(intptr_t)(target - (rt_asm_here(code) + 4)));
}

/* An operand in memory. */
struct rt_asm_memory {
	uint8_t segment; /* 0, 0x64 (fs), 0x65 (gs) */
	uint8_t base, index, scale;
	int32_t displacement;
};

/* opcode reg, memory, of 64 bits or 32. Not pc-relative. */
static inline void rt_asm_op(
	struct rt_assembler *code, bool wide, unsigned opcode, unsigned reg, struct rt_asm_memory memory)
{
	bool based = memory.base != RT_REG_NONE, indexed = memory.index != RT_REG_NONE;
	unsigned low = (reg & 7) << 3, scale = (unsigned)__builtin_ctz(memory.scale | 16) & 3;
	if (memory.segment)
		rt_asm_byte(code, memory.segment);
	rt_asm_byte(code, 0x40 | (unsigned)wide << 3 | (reg >> 3) << 2 |
				  (indexed ? (unsigned)memory.index >> 3 << 1 : 0) |
				  (based ? (unsigned)memory.base >> 3 : 0));
	if (opcode > 0xff)
		rt_asm_byte(code, opcode >> 8);
	rt_asm_byte(code, opcode & 0xff);
	unsigned sib =
		scale << 6 | (indexed ? (memory.index & 7u) << 3 : 0x20) | (based ? memory.base & 7u : 5);
	if (!based) {
		rt_asm_byte(code, 4 | low);
		rt_asm_byte(code, sib);
		rt_asm_word(code, memory.displacement);
		return;
	}
	bool none = !memory.displacement && (memory.base & 7) != RT_RBP;
	bool small = memory.displacement >= -128 && memory.displacement <= 127;
	unsigned mod = none ? 0 : small ? 0x40 : 0x80;
	if (indexed || (memory.base & 7) == RT_RSP) {
		rt_asm_byte(code, mod | 4 | low);
		rt_asm_byte(code, sib);
	} else {
		rt_asm_byte(code, mod | low | (memory.base & 7u));
	}
	if (mod == 0x40)
		rt_asm_byte(code, (uint8_t)memory.displacement);
	else if (mod)
		rt_asm_word(code, memory.displacement);
}

/* A word at a fixed distance from a segment's base. */
static inline void rt_asm_segment(
	struct rt_assembler *code, unsigned opcode, unsigned reg, unsigned segment, int32_t displacement)
{
	rt_asm_op(code, true, opcode, reg,
		(struct rt_asm_memory){(uint8_t)segment, RT_REG_NONE, RT_REG_NONE, 1, displacement});
}

/* jcc, or jmp (RT_CONDITION_ALWAYS), of 6 or 5 bytes. */
static inline void rt_asm_jump(struct rt_assembler *code, unsigned condition, uintptr_t target)
{
	if (condition == RT_CONDITION_ALWAYS) {
		rt_asm_byte(code, 0xe9);
	} else {
		rt_asm_byte(code, 0x0f);
		rt_asm_byte(code, 0x80 | condition);
	}
	rt_asm_distance(code, target);
}

/* Makes the jump whose distance ends at `end` lead to `target`. */
static inline void rt_asm_lead(struct rt_assembler *code, uint8_t *end, uintptr_t target)
{
	int32_t distance = (int32_t)(intptr_t)(target - (code->run + (uintptr_t)(end - code->begin)));
	if (!code->full)
		rt_word_put(end - 4, distance);
}

/* mov reg32, reg32 */
static inline void rt_asm_move_low(struct rt_assembler *code, unsigned to, unsigned from)
{
	rt_asm_byte(code, 0x40 | (from >> 3) << 2 | to >> 3);
	rt_asm_byte(code, 0x89);
	rt_asm_byte(code, 0xc0 | (from & 7) << 3 | (to & 7));
}

static inline void rt_asm_move(struct rt_assembler *code, unsigned to, unsigned from)
{
	rt_asm_byte(code, 0x48 | (from >> 3) << 2 | to >> 3);
	rt_asm_byte(code, 0x89);
	rt_asm_byte(code, 0xc0 | (from & 7) << 3 | (to & 7));
}

static inline void rt_asm_constant(struct rt_assembler *code, unsigned reg, uint64_t value)
{
	rt_asm_byte(code, 0x48 | reg >> 3);
	rt_asm_byte(code, 0xb8 | (reg & 7));
	rt_asm_bytes(code, &value, sizeof(value));
}

/* and reg32, 7 */
static inline void rt_asm_offset_in_granule(struct rt_assembler *code, unsigned reg)
{
	rt_asm_byte(code, 0x40 | reg >> 3);
	rt_asm_byte(code, 0x83);
	rt_asm_byte(code, 0xe0 | (reg & 7));
	rt_asm_byte(code, 7);
}

/* test reg8, 7 */
static inline void rt_asm_test_aligned(struct rt_assembler *code, unsigned reg)
{
	rt_asm_byte(code, 0x40 | reg >> 3);
	rt_asm_byte(code, 0xf6);
	rt_asm_byte(code, 0xc0 | (reg & 7));
	rt_asm_byte(code, 7);
}

/* lea reg, [address of the text or the module], pc-relative */
static inline void rt_asm_address(struct rt_assembler *code, unsigned reg, uintptr_t address)
{
	rt_asm_byte(code, 0x48 | (reg >> 3) << 2);
	rt_asm_byte(code, RT_OP_LEA);
	rt_asm_byte(code, (reg & 7) << 3 | 5);
	rt_asm_distance(code, address);
}

#endif
