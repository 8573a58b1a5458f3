/* Stores vector and mask registers in thread-local slots: in front of a call of the slow path that needs to look at them. */
#include "slots.h"
#include "spread.h"

enum { FS = 0x64, MAP_0F = 1, STORE_VECTOR = 0x7f, STORE_MASK = 0x91 };

/* ModRM, and an address of 4 bytes without a register. */
static void put_operand(struct rt_assembler *code, unsigned reg, int32_t slot)
{
	rt_asm_byte(code, 4 | (reg & 7) << 3);
	rt_asm_byte(code, 0x25);
	rt_asm_word(code, slot);
}

/* movdqu */
static void keep_legacy(struct rt_assembler *code, unsigned reg, int32_t slot)
{
	rt_asm_byte(code, FS);
	rt_asm_byte(code, 0xf3);
	rt_asm_byte(code, 0x40 | reg >> 3 << 2);
	rt_asm_byte(code, 0x0f);
	rt_asm_byte(code, STORE_VECTOR);
	put_operand(code, reg, slot);
}

/* A VEX prefix of 3 bytes: with what the second and third have besides the register. */
static void put_vex(struct rt_assembler *code, unsigned reg, unsigned third)
{
	rt_asm_byte(code, FS);
	rt_asm_byte(code, 0xc4);
	rt_asm_byte(code, (reg & 8 ? 0 : 0x80) | 0x60 | MAP_0F);
	rt_asm_byte(code, third);
}

/* vmovdqu, of 32 bytes */
static void keep_vector(struct rt_assembler *code, unsigned reg, int32_t slot)
{
	put_vex(code, reg, 0x7e);
	rt_asm_byte(code, STORE_VECTOR);
	put_operand(code, reg, slot);
}

/* vmovdqu64, of 64 bytes */
static void keep_wide(struct rt_assembler *code, unsigned reg, int32_t slot)
{
	rt_asm_byte(code, FS);
	rt_asm_byte(code, 0x62);
	rt_asm_byte(code, (reg & 8 ? 0 : 0x80) | 0x60 | (reg & 16 ? 0 : 0x10) | MAP_0F);
	rt_asm_byte(code, 0xfe);
	rt_asm_byte(code, 0x48);
	rt_asm_byte(code, STORE_VECTOR);
	put_operand(code, reg, slot);
}

/* kmovq, or where no more than 16 elements are asked for kmovw, which all processors with masks have */
static void keep_bits(struct rt_assembler *code, unsigned reg, bool many, int32_t slot)
{
	put_vex(code, 0, many ? 0xf8 : 0x78);
	rt_asm_byte(code, STORE_MASK);
	put_operand(code, reg, slot);
}

static bool has_mask(const struct rt_memory *memory)
{
	return memory->spread >= RT_SPREAD_ELEMENT;
}

void rt_spread_keep(struct rt_assembler *code, const struct rt_memory *memory)
{
	bool bits = memory->elements & RT_ELEMENT_BITS;
	unsigned count = memory->spread == RT_SPREAD_ANY
				 ? memory->vector
				 : (unsigned)memory->bytes >> (memory->elements & RT_ELEMENT_LOG);
	if (!has_mask(memory))
		return;
	if (bits)
		keep_bits(code, memory->mask, count > 16, RT_SLOT(spread_bits));
	else if (memory->elements & RT_ELEMENT_LEGACY)
		keep_legacy(code, memory->mask, RT_SLOT(spread_mask));
	else
		keep_vector(code, memory->mask, RT_SLOT(spread_mask));
	if (memory->spread != RT_SPREAD_GATHER)
		return;
	if (bits)
		keep_wide(code, memory->vector, RT_SLOT(spread_index));
	else
		keep_vector(code, memory->vector, RT_SLOT(spread_index));
}
