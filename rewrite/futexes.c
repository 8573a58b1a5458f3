#include "futexes.h"

#include "alike.h"
#include "loop.h"
#include "origin.h"

enum { BYTES = 4 };

/* The word at so much more than a register's value, or in a static variable. */
struct word {
	struct rt_origin at;
	bool is_static;
};

static struct word word_of(const struct rt_body *body, uint32_t call)
{
	struct word word = {rt_origin_root(body, call, RT_RSI), false};
	const struct rt_insn *before = word.at.at ? &body->insns[word.at.at - 1] : NULL;
	int64_t displacement;
	if (before && body->next[word.at.at - 1] == word.at.at && before->pc_relative &&
		before->changes & 1u << word.at.reg && rt_alike_lea(before, &displacement))
		word = (struct word){{.more = word.at.more + displacement}, true};
	return word;
}

static bool is_load_of(const struct rt_body *body, uint32_t i, const struct word *word)
{
	const struct rt_memory *memory = &body->insns[i].memory[0];
	if (!rt_alike_is_load(body, i) || memory->bytes != BYTES || memory->index != RT_REG_NONE)
		return false;
	if (word->is_static || memory->base >= RT_VALUES)
		return word->is_static && memory->base == RT_REG_PC && memory->displacement == word->at.more;
	struct rt_origin base = rt_origin_root(body, i, memory->base);
	return base.at == word->at.at && base.reg == word->at.reg &&
	       base.more + memory->displacement == word->at.more;
}

void rt_futexes_find(struct rt_body *body)
{
	for (uint32_t call = 0; call < body->count; call++) {
		if (body->insns[call].flow != RT_FLOW_CALL || !rt_loop_calls_futex(body, call))
			continue;
		struct word word = word_of(body, call);
		for (uint32_t i = 0; i < body->count; i++)
			if (is_load_of(body, i, &word))
				body->marks[i] |= RT_MARK_WAITS;
	}
}
