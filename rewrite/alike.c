#include "alike.h"

#include "slice.h"

bool rt_alike_is_word(const struct rt_body *body, const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	return insn->memories == 1 && insn->flow == RT_FLOW_NEXT && memory->form == RT_FORM_PLAIN &&
	       memory->bytes <= 8 && !memory->segment && !insn->is_locked && !rt_slice_is_frame(body, memory);
}

bool rt_alike_lea(const struct rt_insn *insn, int64_t *displacement)
{
	if (insn->addresses)
		*displacement = insn->memory[0].displacement;
	return insn->addresses;
}

struct rt_alike_place rt_alike_place(const struct rt_body *body, uint32_t i)
{
	const struct rt_memory *memory = &body->insns[i].memory[0];
	return (struct rt_alike_place){.displacement = memory->displacement,
		.bytes = memory->bytes,
		.base = memory->base,
		.is_static = memory->base == RT_REG_PC,
		.at = i};
}

/* Compilers may keep the word's address in a register, for the store alone. */
void rt_alike_begin(struct rt_alike *alike, const struct rt_body *body, uint32_t store)
{
	const struct rt_memory *memory = &body->insns[store].memory[0];
	uint32_t first = store > RT_ALIKE_FAR ? store - RT_ALIKE_FAR : 0;
	alike->count = 1;
	alike->places[0] = rt_alike_place(body, store);
	alike->places[0].base = RT_REG_NONE;
	if (memory->displacement || memory->base >= RT_REGISTERS || memory->index != RT_REG_NONE)
		return;
	for (uint32_t i = first; i < body->count && i < store + RT_ALIKE_FAR; i++) {
		const struct rt_insn *insn = &body->insns[i];
		struct rt_alike_place *place = &alike->places[alike->count];
		if (alike->count == RT_ALIKE_PLACES)
			return;
		if (insn->sets != 1u << memory->base || insn->memories ||
			!rt_alike_lea(insn, &place->displacement))
			continue;
		place->bytes = memory->bytes;
		place->base = RT_REG_NONE;
		place->is_static = insn->pc_relative;
		alike->count++;
		/* what lies at the beginning of an object is another word */
		alike->places[0].base = memory->base;
	}
}

bool rt_alike_is_same(const struct rt_alike_place *one, const struct rt_alike_place *other)
{
	return one->displacement == other->displacement && one->bytes == other->bytes &&
	       one->is_static == other->is_static;
}

static bool reaches(const struct rt_alike_place *word, const struct rt_alike_place *place)
{
	return rt_alike_is_same(word, place) && (word->base == RT_REG_NONE || word->base == place->base);
}

bool rt_alike_has(const struct rt_alike *alike, const struct rt_alike_place *place)
{
	for (unsigned i = 0; i < alike->count; i++)
		if (reaches(&alike->places[i], place))
			return true;
	return false;
}

void rt_alike_loads_begin(struct rt_alike_loads *loads)
{
	rt_bytes_zero(loads->heads, sizeof(loads->heads));
	loads->first = loads->last = loads->next = 0;
}

static unsigned hash(const struct rt_alike_place *place)
{
	return (unsigned)(rt_hash64((uint64_t)place->displacement) % RT_ALIKE_HEADS);
}

static void add(struct rt_alike_loads *loads, struct rt_alike_place place)
{
	uint32_t *head = &loads->heads[hash(&place)];
	place.before = *head;
	*head = ++loads->last;
	loads->near[*head % RT_COUNT(loads->near)] = place;
}

void rt_alike_loads_move(struct rt_alike_loads *loads, const struct rt_body *body, uint32_t store)
{
	while (loads->first != loads->last &&
		loads->near[(loads->first + 1) % RT_COUNT(loads->near)].at + RT_ALIKE_FAR < store)
		loads->first++;
	if (loads->next + RT_ALIKE_FAR < store)
		loads->next = store - RT_ALIKE_FAR;
	for (; loads->next < body->count && loads->next < store + RT_ALIKE_FAR; loads->next++)
		if (rt_alike_is_load(body, loads->next))
			add(loads, rt_alike_place(body, loads->next));
}

const struct rt_alike_place *rt_alike_next(
	const struct rt_alike_loads *loads, const struct rt_alike *alike, struct rt_alike_walk *walk)
{
	for (;;) {
		while (walk->behind > loads->first) {
			const struct rt_alike_place *load =
				&loads->near[walk->behind % RT_COUNT(loads->near)];
			walk->behind = load->before;
			if (reaches(&alike->places[alike->count - walk->place], load))
				return load;
		}
		if (walk->place == alike->count)
			return NULL;
		walk->place++;
		walk->behind = loads->heads[hash(&alike->places[alike->count - walk->place])];
	}
}
