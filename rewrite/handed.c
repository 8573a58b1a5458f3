/* Flags that one function hands to another: no compiler makes such calls, but code that is written by hand may. A function that
 * reads flags at its start is mostly another's cold part, to which only jumps lead; those keep flags in any case. */
#include "unit.h"

static bool takes_flags(const struct rt_unit *unit, uint64_t offset)
{
	uint32_t low = 0, high = unit->takes_flags.count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (unit->takes_flags.at[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < unit->takes_flags.count && unit->takes_flags.at[low] == offset;
}

/* Data that point there, or code that takes such an address: there may be calls by way of that. */
static bool is_pointed_to(const struct rt_unit *unit)
{
	const struct rt_module *module = &unit->module;
	for (uint32_t i = 0; i < unit->takes_flags.count; i++)
		if (rt_module_is_place(module, module->text.start + unit->takes_flags.at[i]))
			return true;
	for (unsigned i = 0; i < module->pointer_count; i++) {
		struct rt_range range = module->pointers[i];
		for (uintptr_t at = (range.low + 7) & ~(uintptr_t)7; at < range.high && range.high - at >= 8;
			at += 8)
			if (takes_flags(unit, *(const uintptr_t *)at - module->text.start))
				return true;
	}
	return false;
}

bool rt_clones_hand_flags(const struct rt_unit *unit)
{
	if (!unit->takes_flags.count)
		return false;
	for (uint32_t i = 0; i < unit->calls.count; i++)
		if (takes_flags(unit, unit->calls.at[i].target))
			return true;
	return is_pointed_to(unit);
}
