#include "alike.h"

#include "slice.h"

bool rt_alike_is_word(const struct rt_body *body, const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	return insn->memories == 1 && insn->flow == RT_FLOW_NEXT && memory->form == RT_FORM_PLAIN &&
	       memory->bytes <= 8 && !memory->segment && !insn->is_locked &&
	       !rt_slice_is_frame(body, memory);
}

/* lea of a place, or of so much more than a register's value. */
static bool is_lea(const struct rt_body *body, const struct rt_insn *insn, int64_t *displacement)
{
	const uint8_t *at = body->module->text.code + insn->offset;
	enum { LEA = 0x8d, HAS_SIB = 4 };
	int32_t distance = 0;
	while ((*at & 0xf0) == 0x40)
		at++;
	if (*at != LEA)
		return false;
	const uint8_t *field = at + ((at[1] & 7) == HAS_SIB ? 3 : 2);
	if (at[1] >> 6 == 1)
		distance = (int8_t)*field;
	else if (at[1] >> 6 == 2 || insn->pc_relative)
		rt_bytes_copy(&distance, field, sizeof(distance));
	*displacement = distance + (insn->pc_relative ? (int64_t)insn->offset + insn->bytes : 0);
	return true;
}

static void add(struct rt_alike *alike, int64_t displacement, bool is_static)
{
	if (alike->count == RT_ALIKE_PLACES)
		return;
	alike->places[alike->count].displacement = displacement;
	alike->places[alike->count++].is_static = is_static;
}

/* Compilers may keep the word's address in a register, for the store alone. */
void rt_alike_begin(struct rt_alike *alike, const struct rt_body *body, uint32_t store)
{
	const struct rt_memory *memory = &body->insns[store].memory[0];
	uint32_t first = store > RT_ALIKE_FAR ? store - RT_ALIKE_FAR : 0;
	int64_t displacement;
	alike->bytes = (uint8_t)memory->bytes;
	alike->count = 0;
	add(alike, memory->displacement, memory->base == RT_REG_PC);
	if (memory->displacement || memory->base >= RT_REGISTERS || memory->index != RT_REG_NONE)
		return;
	for (uint32_t i = first; i < body->count && i < store + RT_ALIKE_FAR; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->sets == 1u << memory->base && !insn->memories && is_lea(body, insn, &displacement))
			add(alike, displacement, insn->pc_relative);
	}
}

bool rt_alike_has(const struct rt_alike *alike, const struct rt_memory *memory)
{
	for (unsigned i = 0; i < alike->count && memory->bytes == alike->bytes; i++)
		if (alike->places[i].displacement == memory->displacement &&
			alike->places[i].is_static == (memory->base == RT_REG_PC))
			return true;
	return false;
}
