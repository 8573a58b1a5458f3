#include "quiet.h"

#include "module_set.h"
#include "record_format.h"

static struct rt_module_set modules;

bool rt_quiet_any(void)
{
	return modules.used;
}

bool rt_quiet_add(uintptr_t low, uintptr_t high)
{
	return rt_module_set_add(&modules, low, high);
}

void rt_quiet_forget(uintptr_t low)
{
	rt_module_set_forget(&modules, low);
}

static void take_innermost(void *argument, uint64_t pc)
{
	uint64_t *innermost = argument;
	if (!*innermost)
		*innermost = pc;
}

bool rt_quiet_holds(uintptr_t pc)
{
	return rt_module_set_holds(&modules, pc);
}

bool rt_quiet_is(rt_ctx_t context)
{
	uint64_t innermost = 0;
	if (!modules.used)
		return false;
	rt_context_frames(context, take_innermost, &innermost);
	return innermost >= RT_PC_FUNCTIONS && rt_quiet_holds(innermost);
}
