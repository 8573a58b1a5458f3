#include "whole.h"

#include "module_set.h"

static struct rt_module_set modules;

void rt_whole_add(uintptr_t low, uintptr_t high)
{
	rt_module_set_add(
		&modules, low, high); /* one that finds no room is none: what it calls is told all the same */
}

void rt_whole_forget(uintptr_t low)
{
	rt_module_set_forget(&modules, low);
}

bool rt_whole_holds(uintptr_t pc)
{
	return rt_module_set_holds(&modules, pc);
}
