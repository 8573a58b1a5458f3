#include "once.h"

#include "slice.h"

enum {
	FAR = 128, /* instructions between the look and the store */
	NEAR = 6   /* from the look to its branch */
};

static bool is_word(const struct rt_body *body, const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	return insn->memories == 1 && insn->flow == RT_FLOW_NEXT && memory->form == RT_FORM_PLAIN &&
	       memory->bytes <= 8 && !memory->segment && !insn->is_locked && !rt_slice_is_frame(body, memory);
}

/* The loaded value decides where control goes. */
static bool is_look(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	rt_regs_t value = insn->changes;
	if (!is_word(body, insn) || insn->memory[0].write)
		return false;
	bool is_compared = !value && insn->sets & RT_FLAGS_ALL;
	uint32_t at = body->next[i];
	for (unsigned near = 0; near < NEAR && at != RT_NO_INSN; near++, at = body->next[at]) {
		const struct rt_insn *next = &body->insns[at];
		if (next->flow != RT_FLOW_NEXT)
			return is_compared && next->flow == RT_FLOW_BRANCH;
		is_compared |= next->uses & value && next->sets & RT_FLAGS_ALL;
		value |= next->uses & value ? next->changes : 0;
	}
	return false;
}

/* lea of the place, or of so much more than a register's value. */
static bool is_sum(const struct rt_body *body, const struct rt_insn *insn, int64_t displacement)
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
	return distance + (insn->pc_relative ? (int64_t)insn->offset + insn->bytes : 0) == displacement;
}

/* Looks that lie near a store. Blocks that are seldom run lie behind the others, or before. */
struct looks {
	uint32_t at[2 * FAR];
	uint32_t first, end; /* modulo their number */
	uint32_t next;       /* the instruction that is to be looked at */
};

static void move_on(struct looks *looks, const struct rt_body *body, uint32_t store)
{
	while (looks->first != looks->end && looks->at[looks->first % RT_COUNT(looks->at)] + FAR < store)
		looks->first++;
	for (; looks->next < body->count && looks->next < store + FAR; looks->next++)
		if (is_look(body, looks->next))
			looks->at[looks->end++ % RT_COUNT(looks->at)] = looks->next;
}

/* The register may hold the address of what a look with the displacement looks at. */
static bool is_address(const struct rt_body *body, uint32_t store, unsigned reg, int64_t displacement)
{
	uint32_t first = store > FAR ? store - FAR : 0;
	for (uint32_t i = first; i < body->count && i < store + FAR; i++)
		if (body->insns[i].sets == 1u << reg && !body->insns[i].memories &&
			is_sum(body, &body->insns[i], displacement))
			return true;
	return false;
}

/* Registers may have been kept in others meanwhile: which object it is shows as it runs. */
static bool is_alike(const struct rt_body *body, uint32_t store, const struct rt_memory *look)
{
	const struct rt_memory *memory = &body->insns[store].memory[0];
	if (look->bytes != memory->bytes)
		return false;
	if (look->displacement == memory->displacement &&
		(look->base == RT_REG_PC) == (memory->base == RT_REG_PC))
		return true;
	return !memory->displacement && memory->base < RT_REGISTERS && memory->index == RT_REG_NONE &&
	       is_address(body, store, memory->base, look->displacement);
}

static bool is_looked_at(const struct rt_body *body, uint32_t store, const struct looks *looks)
{
	for (uint32_t i = looks->first; i != looks->end; i++)
		if (is_alike(body, store, &body->insns[looks->at[i % RT_COUNT(looks->at)]].memory[0]))
			return true;
	return false;
}

void rt_once_find(struct rt_body *body)
{
	struct looks looks;
	looks.first = looks.end = looks.next = 0;
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_memory *memory = &body->insns[i].memory[0];
		if (!is_word(body, &body->insns[i]) || !memory->write || memory->read)
			continue;
		move_on(&looks, body, i);
		if (is_looked_at(body, i, &looks))
			body->marks[i] |= RT_MARK_ONCE;
	}
}
