#include "trait.h"

#include "record_format.h"

enum { MODULES_MOST = 1024 }; /* of each trait */

static struct set {
	struct {
		uintptr_t low, high; /* high 0: free */
	} modules[MODULES_MOST];
	uint32_t used; /* so many were in use at once; 0: there was none, ever */
	bool is_lost;
} sets[RT_TRAITS] RT_SPARSE;

bool rt_trait_add(enum rt_trait trait, uintptr_t low, uintptr_t high)
{
	struct set *set = &sets[trait];
	for (uint32_t i = 0; i < MODULES_MOST; i++) {
		if (set->modules[i].high)
			continue;
		set->modules[i].low = low;
		__atomic_store_n(&set->modules[i].high, high, __ATOMIC_RELEASE);
		if (i >= set->used)
			__atomic_store_n(&set->used, i + 1, __ATOMIC_RELEASE);
		return true;
	}
	__atomic_store_n(&set->is_lost, true, __ATOMIC_RELAXED);
	return false;
}

void rt_trait_forget(uintptr_t low)
{
	for (unsigned trait = 0; trait < RT_TRAITS; trait++)
		for (uint32_t i = 0; i < sets[trait].used; i++)
			if (sets[trait].modules[i].low == low)
				__atomic_store_n(&sets[trait].modules[i].high, 0, __ATOMIC_RELEASE);
}

bool rt_trait_any(enum rt_trait trait)
{
	return __atomic_load_n(&sets[trait].used, __ATOMIC_RELAXED);
}

bool rt_trait_is_lost(enum rt_trait trait)
{
	return __atomic_load_n(&sets[trait].is_lost, __ATOMIC_RELAXED);
}

bool rt_trait_holds(enum rt_trait trait, uintptr_t pc)
{
	const struct set *set = &sets[trait];
	uint32_t used = __atomic_load_n(&set->used, __ATOMIC_ACQUIRE);
	for (uint32_t i = 0; i < used; i++)
		if (pc > set->modules[i].low &&
			pc <= __atomic_load_n(&set->modules[i].high, __ATOMIC_ACQUIRE))
			return true;
	return false;
}

/* ---- of the code of a context's stack ---- */

static void take_innermost(void *argument, uint64_t pc)
{
	uint64_t *innermost = argument;
	if (!*innermost)
		*innermost = pc;
}

bool rt_stack_is_quiet(rt_ctx_t context)
{
	uint64_t innermost = 0;
	if (!rt_trait_any(RT_TRAIT_QUIET))
		return false;
	rt_context_frames(context, take_innermost, &innermost);
	return innermost >= RT_PC_FUNCTIONS && rt_trait_holds(RT_TRAIT_QUIET, innermost);
}

static void look_for_gaps(void *argument, uint64_t pc)
{
	*(bool *)argument |= pc >= RT_PC_FUNCTIONS && rt_trait_holds(RT_TRAIT_GAPS, pc);
}

bool rt_stack_has_gaps(rt_ctx_t context)
{
	bool found = rt_trait_is_lost(RT_TRAIT_GAPS);
	if (rt_trait_any(RT_TRAIT_GAPS) && !found)
		rt_context_frames(context, look_for_gaps, &found);
	return found;
}

struct walk {
	bool called;  /* the frames so far are those of code that was not looked at */
	bool pending; /* the last one was, and it counts if another one called it */
	bool found;
};

static void look_for_unseen(void *argument, uint64_t pc)
{
	struct walk *walk = argument;
	if (pc < RT_PC_FUNCTIONS || rt_trait_holds(RT_TRAIT_PLAIN, pc))
		return;
	bool is_unseen = rt_trait_holds(RT_TRAIT_UNSEEN, pc);
	walk->found |= walk->called && (is_unseen || rt_trait_holds(RT_TRAIT_UNSEEN_MOST, pc));
	walk->found |= walk->pending && !is_unseen;
	walk->pending = is_unseen;
	walk->called = false;
}

bool rt_stack_is_unseen(rt_ctx_t context)
{
	struct walk walk = {true, false, false};
	if (rt_trait_any(RT_TRAIT_UNSEEN) || rt_trait_any(RT_TRAIT_UNSEEN_MOST))
		rt_context_frames(context, look_for_unseen, &walk);
	return walk.found;
}
