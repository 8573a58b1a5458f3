#include "gaps.h"

#include "module_set.h"
#include "record_format.h"

static struct rt_module_set modules;
static bool lost; /* one found no room: it may be any */

void rt_gaps_add(uintptr_t low, uintptr_t high)
{
	if (!rt_module_set_add(&modules, low, high))
		__atomic_store_n(&lost, true, __ATOMIC_RELAXED);
}

void rt_gaps_forget(uintptr_t low)
{
	rt_module_set_forget(&modules, low);
}

static void look(void *argument, uint64_t pc)
{
	*(bool *)argument |= pc >= RT_PC_FUNCTIONS && rt_module_set_holds(&modules, pc);
}

bool rt_gaps_are_in(rt_ctx_t context)
{
	bool found = __atomic_load_n(&lost, __ATOMIC_RELAXED);
	if (modules.used && !found)
		rt_context_frames(context, look, &found);
	return found;
}
