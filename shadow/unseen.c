#include "unseen.h"

#include "module_set.h"
#include "record_format.h"

enum { KINDS = RT_UNSEEN_PLAIN + 1 };

static struct rt_module_set modules[KINDS];

void rt_unseen_add(uintptr_t low, uintptr_t high, enum rt_unseen how)
{
	rt_module_set_add(&modules[how], low, high);
}

void rt_unseen_forget(uintptr_t low)
{
	for (unsigned i = 0; i < KINDS; i++)
		rt_module_set_forget(&modules[i], low);
}

struct walk {
	bool called;  /* the frames so far are those of code that was not looked at */
	bool pending; /* the last one was, and it counts if another one called it */
	bool found;
};

static void look(void *argument, uint64_t pc)
{
	struct walk *walk = argument;
	if (pc < RT_PC_FUNCTIONS || rt_module_set_holds(&modules[RT_UNSEEN_PLAIN], pc))
		return;
	bool is_unseen = rt_module_set_holds(&modules[RT_UNSEEN_ALL], pc);
	walk->found |= walk->called && (is_unseen || rt_module_set_holds(&modules[RT_UNSEEN_MOST], pc));
	walk->found |= walk->pending && !is_unseen;
	walk->pending = is_unseen;
	walk->called = false;
}

bool rt_unseen_did(rt_ctx_t context)
{
	struct walk walk = {true, false, false};
	if (modules[RT_UNSEEN_ALL].used || modules[RT_UNSEEN_MOST].used)
		rt_context_frames(context, look, &walk);
	return walk.found;
}
