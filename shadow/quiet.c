#include "quiet.h"

#include "record_format.h"

enum { MODULES_MOST = 64 };

static struct {
	uintptr_t low, high; /* high 0: free */
} modules[MODULES_MOST];

static bool some;

bool rt_quiet_any(void)
{
	return some;
}

bool rt_quiet_add(uintptr_t low, uintptr_t high)
{
	for (unsigned i = 0; i < MODULES_MOST; i++) {
		if (modules[i].high)
			continue;
		some = true;
		modules[i].low = low;
		__atomic_store_n(&modules[i].high, high, __ATOMIC_RELEASE);
		return true;
	}
	return false;
}

void rt_quiet_forget(uintptr_t low)
{
	for (unsigned i = 0; i < MODULES_MOST; i++)
		if (modules[i].low == low)
			__atomic_store_n(&modules[i].high, 0, __ATOMIC_RELEASE);
}

static void take_innermost(void *argument, uint64_t pc)
{
	uint64_t *innermost = argument;
	if (!*innermost)
		*innermost = pc;
}

bool rt_quiet_holds(uintptr_t pc)
{
	for (unsigned i = 0; i < MODULES_MOST; i++)
		if (pc > modules[i].low && pc <= __atomic_load_n(&modules[i].high, __ATOMIC_ACQUIRE))
			return true;
	return false;
}

bool rt_quiet_is(rt_ctx_t context)
{
	uint64_t innermost = 0;
	if (!some)
		return false;
	rt_context_frames(context, take_innermost, &innermost);
	return innermost >= RT_PC_FUNCTIONS && rt_quiet_holds(innermost);
}
