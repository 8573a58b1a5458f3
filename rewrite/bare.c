#include "bare.h"

#include "check.h"
#include "meaning.h"
#include "slice.h"

enum {
	COPY_FAR = 8,  /* instructions between two moves of a copy */
	STORE_FAR = 4, /* from a load of a copy to its store */
	WORD = 8,      /* bytes */
	SMALL = 24     /* instructions of a function that does no more */
};

static bool is_seen(const struct rt_body *body, uint32_t i)
{
	return body->insns[i].memories == 1 && !rt_check_skips(body, i, &body->insns[i].memory[0]);
}

static bool is_move(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return is_seen(body, i) && !insn->is_locked && insn->memory[0].form == RT_FORM_PLAIN &&
	       insn->memory[0].bytes <= WORD && rt_meaning_of(body, insn).operation == RT_DO_MOVE;
}

/* What is moved: to memory, or from there. */
static rt_regs_t value_of(const struct rt_insn *insn)
{
	return insn->memory[0].write ? rt_regs_values(insn->uses & ~rt_slice_address(&insn->memory[0]))
				     : insn->changes;
}

/* What is loaded is stored right after, as it is. */
static bool is_stored(const struct rt_body *body, uint32_t load)
{
	rt_regs_t value = value_of(&body->insns[load]);
	for (uint32_t i = load + 1; i < body->count && i <= load + STORE_FAR; i++)
		if (is_move(body, i) && body->insns[i].memory[0].write && value_of(&body->insns[i]) == value)
			return true;
	return false;
}

/* Both are of one copy, or of one memory that is filled. */
static bool belong(const struct rt_body *body, uint32_t one, uint32_t another)
{
	const struct rt_memory *a = &body->insns[one].memory[0], *b = &body->insns[another].memory[0];
	const struct rt_memory *low = a->displacement < b->displacement ? a : b, *high = low == a ? b : a;
	if (one == another || !is_seen(body, another) || a->base != b->base || a->index != b->index)
		return false;
	if (b->bytes > WORD)
		return true;
	return is_move(body, another) && a->write == b->write && low->displacement != high->displacement &&
	       low->displacement + low->bytes >= high->displacement &&
	       (a->write ? value_of(&body->insns[one]) == value_of(&body->insns[another])
			 : is_stored(body, one));
}

static bool is_in_copy(const struct rt_body *body, uint32_t i)
{
	uint32_t first = i > COPY_FAR ? i - COPY_FAR : 0;
	for (uint32_t near = first; near < body->count && near <= i + COPY_FAR; near++)
		if (belong(body, i, near))
			return true;
	return false;
}

void rt_bare_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		body->insns[i].memory[0].bare = is_move(body, i) && !is_in_copy(body, i);
}

void rt_bare_find_alone(struct rt_body *body)
{
	struct rt_memory *alone = NULL;
	unsigned count = 0;
	for (uint32_t i = 0; i < body->count; i++) {
		struct rt_insn *insn = &body->insns[i];
		for (unsigned n = 0; n < insn->memories; n++)
			count += !rt_slice_is_frame(body, &insn->memory[n]);
		if (is_move(body, i) && !rt_slice_is_frame(body, &insn->memory[0]))
			alone = &insn->memory[0];
	}
	if (alone && count == 1 && body->count <= SMALL)
		alone->bare = alone->hushed = true;
}
