#include "hooked.h"

#include "shadow/counters.h"
#include "shadow/engine.h"

#include <dlfcn.h>

enum { MODULES_MOST = 64 };

/* Written by constructors, one at a time: the loader's lock. Those that find no room count as without hooks. */
static struct {
	uintptr_t low, high;
} modules[MODULES_MOST];
static uint32_t module_count;

void rt_hooked_note(uintptr_t pc)
{
	struct dl_find_object module;
	if (rt_hooked_at(pc) || module_count == MODULES_MOST || _dl_find_object((void *)pc, &module))
		return;
	modules[module_count].low = (uintptr_t)module.dlfo_map_start;
	modules[module_count].high = (uintptr_t)module.dlfo_map_end;
	__atomic_store_n(&module_count, module_count + 1, __ATOMIC_RELEASE);
	rt_count(RT_COUNTER_HOOKED_MODULES);
}

bool rt_hooked_any(void)
{
	return __atomic_load_n(&module_count, __ATOMIC_ACQUIRE) != 0;
}

bool rt_hooked_at(uintptr_t pc)
{
	uint32_t count = __atomic_load_n(&module_count, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < count; i++)
		if (pc >= modules[i].low && pc < modules[i].high)
			return true;
	return false;
}
