#include "locking.h"

#include "choice.h"
#include "imports.h"
#include "named.h"
#include "signs.h"
#include "slice.h"
#include "wait.h"
#include "shadow/engine.h"

#include <sys/syscall.h>

enum {
	NEAR = 64,     /* bytes from the call's number to the call */
	LEAST_PART = 8 /* of the functions of a module that does little else: one in so many */
};

static const uint8_t kernel_call[] = {0x0f, 0x05};

static bool calls_kernel(const struct rt_code *text, uint32_t from)
{
	for (uint32_t at = from; at + 2 <= text->bytes && at < from + NEAR; at++)
		if (rt_bytes_equal(text->code + at, kernel_call, sizeof(kernel_call)))
			return true;
	return false;
}

/* mov $__NR_futex, %eax and a call of the kernel, or mov $__NR_futex, %edi where `syscall` is a function that it calls. */
static bool is_futex(const struct rt_code *text, uint32_t number, bool calls_by_name)
{
	enum { MOV_EAX = 0xb8, MOV_EDI = 0xbf };
	uint8_t move = text->code[number - 1];
	return move == MOV_EAX ? calls_kernel(text, number + 4) : move == MOV_EDI && calls_by_name;
}

static bool calls_futex(const struct rt_module *module)
{
	static const uint8_t number[] = {__NR_futex, 0, 0, 0};
	const struct rt_code *text = &module->text;
	bool calls_by_name = rt_imports(module, "syscall");
	/* A byte that is none of the number's has no part in it: the next one may end four bytes on. */
	for (uint32_t last = 4; last < text->bytes;) {
		uint8_t byte = text->code[last];
		if (byte && byte != __NR_futex) {
			last += 4;
			continue;
		}
		if (rt_bytes_equal(text->code + last - 3, number, sizeof(number)) &&
			is_futex(text, last - 3, calls_by_name))
			return true;
		last++;
	}
	return false;
}

/* It makes threads, and there is something that they wait for by spinning. */
static bool spins(const struct rt_module *module)
{
	return rt_imports(module, "sched_yield") && rt_imports(module, "pthread_create");
}

bool rt_locking_module(const struct rt_module *module)
{
	return spins(module) || calls_futex(module) || rt_signs_pause(module);
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

/* `yield`: the slot of sched_yield. Round a call of that one stands what another thread does, though the loop may do more than
 * wait. */
static bool orders(struct rt_body *body, uintptr_t yield)
{
	rt_wait_find(body);
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->is_locked || body->marks[i] & RT_MARK_WAITS ||
			(yield && insn->flow == RT_FLOW_CALL &&
				rt_imports_slot_of(body->module, insn) == yield) ||
			rt_bytes_equal(
				body->module->text.code + insn->offset, kernel_call, sizeof(kernel_call)))
			return true;
	}
	return gives_back(body);
}

/* What was found of a module's functions. */
struct survey {
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
static bool note(struct survey *survey, struct rt_body *body, uint32_t function)
{
	if (rt_named_is(survey->named, body->module, function, RT_NAMED_ATOMIC) ||
		orders(body, survey->yield)) {
		rt_bit_set(survey->order, function);
		survey->count++;
		return true;
	}
	for (uint32_t i = 0; i < body->count; i++) {
		if (body->insns[i].flow != RT_FLOW_CALL || body->insns[i].target < 0)
			continue;
		struct call *call = rt_list_add(&survey->calls);
		if (!call)
			return false;
		*call = (struct call){function, (uint32_t)body->insns[i].target};
	}
	return true;
}

/* What a lock hands over is stored by those that hold it. */
static void choose(struct rt_unit *unit, const struct survey *survey)
{
	const struct rt_module *module = &unit->module;
	size_t words = rt_choice_bytes(module) / sizeof(uint64_t);
	uint64_t *chosen = rt_alloc(words * sizeof(uint64_t));
	if (!chosen)
		return;
	for (size_t i = 0; i < words; i++)
		chosen[i] = survey->order[i];
	for (uint32_t i = 0; i < survey->calls.count; i++) {
		const struct rt_function *callee = rt_module_function(module, survey->calls.at[i].target);
		if (callee && rt_bit(survey->order, (uint32_t)(callee - module->functions)))
			rt_bit_set(chosen, survey->calls.at[i].caller);
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
	struct survey survey = {.order = rt_alloc(rt_choice_bytes(module)),
		.yield = rt_imports(module, "sched_yield"),
		.named = unit->named};
	bool has_memory = survey.order;
	for (uint32_t i = 0; i < module->function_count && has_memory; i++) {
		enum rt_body_result result = rt_body_read(&unit->body, module, &module->functions[i]);
		has_memory = result != RT_BODY_NO_ROOM &&
			     (result != RT_BODY_WHOLE || note(&survey, &unit->body, i));
	}
	if (has_memory && survey.count < module->function_count / LEAST_PART)
		choose(unit, &survey);
	rt_list_fini(&survey.calls);
	rt_free(survey.order, rt_choice_bytes(module));
	return has_memory;
}
