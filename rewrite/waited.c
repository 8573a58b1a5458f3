/* Static variables that a loop waits for: sync variables from the start, and not from the first wait on, before which another
 * thread may have stored what is then taken for plain. */
#include "unit.h"

#include "shadow/declared.h"
#include "shadow/engine.h"

static bool is_static(const struct rt_memory *memory)
{
	return memory->base == RT_REG_PC && memory->form == RT_FORM_PLAIN && !memory->segment &&
	       !(memory->bytes & (memory->bytes - 1)) && memory->bytes <= 8;
}

static bool is_known(const struct rt_unit *unit, const struct rt_waited *one)
{
	for (uint32_t i = 0; i < unit->waited.count; i++)
		if (unit->waited.at[i].distance == one->distance && unit->waited.at[i].bytes == one->bytes)
			return true;
	return false;
}

bool rt_waited_find(struct rt_unit *unit)
{
	const struct rt_body *body = &unit->body;
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_memory *memory = &body->insns[i].memory[0];
		if (!(body->marks[i] & RT_MARK_WAITS) || !is_static(memory) ||
			rt_check_skips(body, i, memory)) /* a hook says what it is */
			continue;
		struct rt_waited one = {memory->displacement, memory->bytes};
		struct rt_waited *place = is_known(unit, &one) ? &one : rt_list_add(&unit->waited);
		if (!place)
			return false;
		*place = one;
	}
	return true;
}

void rt_waited_declare(const struct rt_unit *unit, bool alone)
{
	RT_LIST(struct rt_declared) found = {0};
	for (uint32_t i = 0; i < unit->waited.count; i++) {
		uintptr_t address = unit->module.text.start + (uintptr_t)unit->waited.at[i].distance;
		uint64_t bytes = unit->waited.at[i].bytes;
		bool is = rt_module_is_variable(&unit->module, address, bytes, bytes, 1);
		struct rt_declared *place = is ? rt_list_add(&found) : NULL;
		if (place)
			*place = (struct rt_declared){
				address, bytes, 1, unit->module.whole.low, (uint32_t)bytes};
	}
	if (found.count)
		rt_declared_add(found.at, found.count, alone);
	rt_list_fini(&found);
}
