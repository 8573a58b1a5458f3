#include "locking.h"

#include "choice.h"
#include "imports.h"
#include "live.h"
#include "named.h"
#include "slice.h"
#include "still.h"
#include "survey.h"
#include "unrolled.h"
#include "wait.h"
#include "shadow/engine.h"

enum { LEAST_PART = 8 /* of the functions of a module that does little else: one in so many */ };

/* It makes threads, and there is something that they wait for by spinning. */
static bool spins(const struct rt_module *module)
{
	return rt_imports(module, "sched_yield") && rt_imports(module, "pthread_create");
}

bool rt_locking_module(const struct rt_module *module)
{
	return spins(module) || rt_survey(module, RT_SIGN_FUTEX | RT_SIGN_PAUSE);
}

/* In a library without locks of its own: what it has for those of others. */
static void choose_named(struct rt_unit *unit)
{
	const struct rt_module *module = &unit->module;
	for (uint32_t i = 0; i < module->function_count; i++)
		if (!rt_named_is(unit->named, module, i, RT_NAMED_ATOMIC))
			rt_bit_clear(unit->chosen, i);
}

/* All that it does to memory is to set something that it was handed to a constant: so a spin lock is given back. */
static bool gives_back(const struct rt_body *body)
{
	uint32_t stores = 0;
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		const struct rt_memory *memory = &insn->memory[0];
		if (insn->flow == RT_FLOW_RETURN)
			continue;
		if (insn->flow != RT_FLOW_NEXT || insn->memories > 1)
			return false;
		if (!insn->memories)
			continue;
		if (memory->read || memory->base != RT_RDI || memory->index != RT_REG_NONE ||
			rt_slice_value(insn))
			return false;
		stores++;
	}
	return stores == 1;
}

static bool has_loop(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->marks[i] & RT_MARK_LOOP)
			return true;
	return false;
}

/* `yield`: the slot of sched_yield. Round a call of that one stands what another thread does, though the loop may do more than
 * wait. */
static bool orders(struct rt_body *body, uintptr_t yield)
{
	if (has_loop(body)) {
		rt_live_find(body, true);
		rt_wait_find(body);
		rt_unrolled_find(body);
		rt_still_find(body);
	}
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->is_locked || body->marks[i] & RT_MARK_WAITS ||
			(yield && insn->flow == RT_FLOW_CALL &&
				rt_imports_slot_of(body->module, insn) == yield) ||
			rt_body_calls_kernel(body, insn))
			return true;
	}
	return gives_back(body);
}

/* What was found of a module's functions. */
struct finds {
	uint64_t *order; /* a bit for each */
	uint32_t count;
	uintptr_t yield;
	const uint64_t *named;
	RT_LIST(struct call {
		uint32_t caller; /* a function's index */
		uint32_t target; /* an offset */
	})
	calls;
};

/* False: no memory. */
static bool note(struct finds *finds, struct rt_body *body, uint32_t function)
{
	if (rt_named_is(finds->named, body->module, function, RT_NAMED_ATOMIC) ||
		orders(body, finds->yield)) {
		rt_bit_set(finds->order, function);
		finds->count++;
		return true;
	}
	for (uint32_t i = 0; i < body->count; i++) {
		if (body->insns[i].flow != RT_FLOW_CALL || body->insns[i].target < 0)
			continue;
		struct call *call = rt_list_add(&finds->calls);
		if (!call)
			return false;
		*call = (struct call){function, (uint32_t)body->insns[i].target};
	}
	return true;
}

/* What a lock hands over is stored by those that hold it. */
static void choose(struct rt_unit *unit, const struct finds *finds)
{
	const struct rt_module *module = &unit->module;
	size_t words = rt_choice_bytes(module) / sizeof(uint64_t);
	uint64_t *chosen = rt_alloc(words * sizeof(uint64_t));
	if (!chosen)
		return;
	for (size_t i = 0; i < words; i++)
		chosen[i] = finds->order[i];
	for (uint32_t i = 0; i < finds->calls.count; i++) {
		const struct rt_function *callee = rt_module_function(module, finds->calls.at[i].target);
		if (callee && rt_bit(finds->order, (uint32_t)(callee - module->functions)))
			rt_bit_set(chosen, finds->calls.at[i].caller);
	}
	for (size_t i = 0; i < words; i++)
		unit->chosen[i] &= chosen[i];
	rt_free(chosen, words * sizeof(uint64_t));
}

bool rt_locking_choose(struct rt_unit *unit)
{
	struct rt_module *module = &unit->module;
	if (!rt_locking_module(module)) {
		choose_named(unit);
		return true;
	}
	struct finds finds = {.order = rt_alloc(rt_choice_bytes(module)),
		.yield = rt_imports(module, "sched_yield"),
		.named = unit->named};
	bool has_memory = finds.order;
	for (uint32_t i = 0; i < module->function_count && has_memory; i++) {
		enum rt_body_result result = rt_body_read(&unit->body, module, &module->functions[i]);
		has_memory = result != RT_BODY_NO_ROOM &&
			     (result != RT_BODY_WHOLE || note(&finds, &unit->body, i));
	}
	if (has_memory && finds.count < module->function_count / LEAST_PART)
		choose(unit, &finds);
	rt_list_fini(&finds.calls);
	rt_free(finds.order, rt_choice_bytes(module));
	return has_memory;
}
