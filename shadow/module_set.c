#include "module_set.h"

bool rt_module_set_add(struct rt_module_set *set, uintptr_t low, uintptr_t high)
{
	for (unsigned i = 0; i < RT_MODULE_SET_MOST; i++) {
		if (set->modules[i].high)
			continue;
		set->modules[i].low = low;
		__atomic_store_n(&set->modules[i].high, high, __ATOMIC_RELEASE);
		if (i >= set->used)
			__atomic_store_n(&set->used, i + 1, __ATOMIC_RELEASE);
		return true;
	}
	return false;
}

void rt_module_set_forget(struct rt_module_set *set, uintptr_t low)
{
	for (unsigned i = 0; i < RT_MODULE_SET_MOST; i++)
		if (set->modules[i].low == low)
			__atomic_store_n(&set->modules[i].high, 0, __ATOMIC_RELEASE);
}

bool rt_module_set_holds(const struct rt_module_set *set, uintptr_t pc)
{
	uint32_t used = __atomic_load_n(&set->used, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < used; i++)
		if (pc > set->modules[i].low &&
			pc <= __atomic_load_n(&set->modules[i].high, __ATOMIC_ACQUIRE))
			return true;
	return false;
}
