#include "told.h"

#include "bare.h"
#include "check.h"
#include "escapes.h"
#include "slice.h"

enum {
	TOLD_MOST = 24, /* accesses that hooks have told of, and that may come yet */
	OPEN_MOST = 24  /* loads that no hook came before */
};

/* ---- what they tell of ---- */

/* Bytes from the value on. */
struct told {
	struct rt_value place;
	int64_t bytes;
	bool writes, is_range;
	bool is_met;               /* an access that it tells of was found */
	struct rt_memory *guessed; /* one that it may tell of, of which no more is known */
};

/* A load that no hook came before: of a word that is stored to right after, one hook tells of both. */
struct open {
	struct rt_value place, loaded;
	struct rt_memory *memory;
};

struct telling {
	const struct rt_hooks *hooks;
	const struct rt_own_frame *frame;
	struct rt_body *body;
	struct rt_values values;
	struct told told[TOLD_MOST];
	unsigned told_count, told_next;
	struct open open[OPEN_MOST];
	unsigned open_count;
	struct rt_escapes escapes;
};

/* It tells of the byte. */
static bool holds(const struct told *told, struct rt_value at, bool writes)
{
	return told->place.name == at.name && told->place.more <= at.more &&
	       told->place.more + told->bytes > at.more && (told->writes || !writes);
}

/* All of the bytes are told of, perhaps by several hooks. What those were taken for that it was is none then. */
static bool is_told(struct telling *telling, struct rt_value at, int64_t bytes, bool writes)
{
	int64_t end = at.more + bytes, from;
	do {
		from = at.more;
		for (unsigned i = 0; i < telling->told_count; i++) {
			struct told *told = &telling->told[i];
			if (!holds(told, at, writes))
				continue;
			at.more = told->place.more + told->bytes;
			told->is_met = true;
			if (told->guessed)
				told->guessed->skip = RT_SKIP_NONE;
			told->guessed = NULL;
		}
	} while (at.more < end && at.more > from);
	return at.more >= end;
}

/* The access that comes next is mostly the one that a hook tells of, though how its address was made is not known. */
static bool is_guessed(struct telling *telling, struct rt_value at, struct rt_memory *memory)
{
	for (unsigned i = 0; i < telling->told_count; i++) {
		struct told *told = &telling->told[i];
		bool fits = told->is_range ? memory->repeated || memory->bytes <= told->bytes
					   : memory->bytes == told->bytes;
		if (!fits || told->place.name == at.name || told->writes != memory->write || told->is_met ||
			told->guessed)
			continue;
		if (told->is_range)
			told->bytes -= memory->repeated ? told->bytes : memory->bytes;
		else
			told->guessed = memory;
		return true;
	}
	return false;
}

static void forget(struct telling *telling)
{
	telling->told_count = telling->told_next = telling->open_count = 0;
}

static void note_told(struct telling *telling, struct told told)
{
	telling->told[telling->told_next] = told;
	telling->told_next = (telling->told_next + 1) % TOLD_MOST;
	telling->told_count += telling->told_count < TOLD_MOST;
	for (unsigned i = 0; told.writes && i < telling->open_count; i++) {
		struct open *open = &telling->open[i];
		if (is_told(telling, open->place, open->memory->bytes, true))
			open->memory->skip = RT_SKIP_HOOKED;
	}
}

/* It takes in what its arguments say, as they are before it. */
static void call_hook(struct telling *telling, const struct rt_hook *hook)
{
	const struct rt_value *regs = telling->values.regs, bytes = regs[RT_RSI];
	bool is_range = hook->bytes == RT_HOOK_RANGE;
	if (hook->orders)
		forget(telling);
	if (hook->bytes && (!is_range || bytes.name == RT_VALUE_CONSTANT))
		note_told(telling, (struct told){.place = regs[RT_RDI],
					   .bytes = is_range ? bytes.more : hook->bytes,
					   .writes = hook->writes,
					   .is_range = is_range});
}

/* An element of a table of constants. */
static bool is_constant(const struct telling *telling, const struct rt_memory *memory)
{
	const struct rt_module *module = telling->body->module;
	const struct rt_value *base =
		memory->base < RT_REGISTERS ? &telling->values.regs[memory->base] : NULL;
	return !memory->write && base && base->name == RT_VALUE_CONSTANT &&
	       rt_module_is_constant(module, base->more - (int64_t)module->text.start, 1);
}

/* The compilers leave out the function's frame, constants, counters, and what they load to go on there, as from a virtual table. */
static bool is_left_out(
	const struct telling *telling, uint32_t i, const struct rt_memory *memory, struct rt_value place)
{
	bool is_local =
		rt_own_frame_has(telling->frame, i, memory) || rt_value_is_frame(telling->body, place);
	return telling->body->insns[i].flow != RT_FLOW_NEXT ||
	       (is_local && !rt_escapes_has(&telling->escapes, &telling->values, place, memory->bytes)) ||
	       is_constant(telling, memory) ||
	       (telling->hooks->has_counters && place.name == RT_VALUE_CONSTANT);
}

/* What was loaded from there before the store has the store's hook, too. */
static void tell_loads(struct telling *telling, struct rt_value place, int64_t bytes)
{
	for (unsigned i = 0; i < telling->open_count; i++) {
		struct open *open = &telling->open[i];
		if (open->place.name == place.name && open->place.more >= place.more &&
			open->place.more + open->memory->bytes <= place.more + bytes)
			open->memory->skip = RT_SKIP_HOOKED;
	}
}

static void look(struct telling *telling, uint32_t i, struct rt_memory *memory)
{
	const struct rt_insn *insn = &telling->body->insns[i];
	struct rt_value place = rt_values_address(&telling->values, memory);
	int64_t bytes = memory->repeated ? 1 : memory->bytes;
	if (rt_check_skips(telling->body, i, memory))
		return;
	if (is_left_out(telling, i, memory, place))
		memory->skip = RT_SKIP_HOOKED;
	else if (insn->is_locked)
		return;
	else if (is_told(telling, place, bytes, memory->write) || is_guessed(telling, place, memory)) {
		memory->skip = RT_SKIP_HOOKED;
		if (memory->write)
			tell_loads(telling, place, bytes);
	} else if (!memory->write && telling->open_count < OPEN_MOST)
		telling->open[telling->open_count++] = (struct open){place, {0, 0}, memory};
}

/* jmp *%reg and call *%reg go where a load has said. */
static void leave_out_target(struct telling *telling, const struct rt_insn *insn)
{
	const uint8_t *code = telling->body->module->text.code + insn->offset;
	unsigned high = (*code & 0xf0) == 0x40 ? (*code++ & 1) << 3 : 0;
	bool is_known = insn->memories || insn->target != RT_NO_TARGET || code[0] != 0xff || code[1] < 0xc0;
	if ((insn->flow != RT_FLOW_CALL && insn->flow != RT_FLOW_INDIRECT) || is_known)
		return;
	struct rt_value target = telling->values.regs[high | (code[1] & 7)];
	for (unsigned n = 0; n < telling->open_count; n++)
		if (telling->open[n].loaded.name == target.name && !target.more)
			telling->open[n].memory->skip = RT_SKIP_HOOKED;
}

/* What the instruction has just loaded. */
static void note_loaded(struct telling *telling, const struct rt_insn *insn)
{
	struct open *open = telling->open_count ? &telling->open[telling->open_count - 1] : NULL;
	if (open && open->memory == &insn->memory[0] && rt_regs_are_one(insn->changes))
		open->loaded = telling->values.regs[__builtin_ctz(insn->changes)];
}

static void check_access(struct telling *telling, uint32_t i)
{
	struct rt_insn *insn = &telling->body->insns[i];
	const struct rt_hook *hook = rt_hook_of(telling->hooks, telling->body->module, insn);
	for (unsigned n = 0; n < insn->memories; n++)
		look(telling, i, &insn->memory[n]);
	leave_out_target(telling, insn);
	if (hook)
		call_hook(telling, hook);
	else if (insn->flow == RT_FLOW_CALL || insn->is_locked)
		forget(telling);
}

/* ---- the whole ---- */

/* A hook of the function tells of an access, or of its own call where that is enough. */
static bool tells(const struct rt_hooks *hooks, const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_hook *hook = rt_hook_of(hooks, body->module, &body->insns[i]);
		if (hook && (hook->bytes || (!hook->orders && hooks->are_all_gcc)))
			return true;
	}
	return false;
}

static void see_access(void *data, uint32_t i, bool joins)
{
	struct telling *telling = data;
	if (joins)
		forget(telling);
	check_access(telling, i);
	rt_values_step(&telling->values, &telling->body->insns[i]);
	note_loaded(telling, &telling->body->insns[i]);
}

static void find_told(const struct rt_hooks *hooks, struct rt_own_frame *frame, struct rt_body *body)
{
	struct telling telling; /* large: only what counts is set */
	telling.hooks = hooks;
	telling.frame = frame;
	telling.body = body;
	if (!rt_own_frame_find(frame, body))
		return;
	rt_escapes_find(&telling.escapes, &telling.values, hooks, frame, body);
	rt_values_walk(&telling.values, body, see_access, &telling);
}

/* No hook is made for such an access. */
static bool is_unhookable(const struct rt_insn *insn, const struct rt_memory *memory)
{
	return insn->is_locked || memory->form != RT_FORM_PLAIN || memory->bytes > 16;
}

static bool is_any_left(const struct rt_body *body, bool hookable)
{
	for (uint32_t i = 0; i < body->count; i++)
		for (unsigned n = 0; n < body->insns[i].memories; n++) {
			const struct rt_memory *memory = &body->insns[i].memory[n];
			if (!rt_check_skips(body, i, memory) &&
				(!hookable || (!is_unhookable(&body->insns[i], memory) &&
						      !rt_slice_is_frame(body, memory))))
				return true;
		}
	return false;
}

static bool does_call(const struct rt_hooks *hooks, const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->insns[i].flow == RT_FLOW_CALL && !rt_hook_of(hooks, body->module, &body->insns[i]))
			return true;
	return false;
}

static void leave_out_plain(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		for (unsigned n = 0; n < body->insns[i].memories && !body->insns[i].is_locked; n++)
			if (!body->insns[i].memory[n].hushed)
				body->insns[i].memory[n].skip = RT_SKIP_HOOKED;
}

bool rt_told_find(const struct rt_hooks *hooks, struct rt_own_frame *frame, struct rt_body *body)
{
	if (tells(hooks, body)) {
		find_told(hooks, frame, body);
		rt_bare_find(body);
	} else if (is_any_left(body, true)) {
		if (!does_call(hooks, body))
			rt_bare_find_alone(body);
		leave_out_plain(body);
	}
	return is_any_left(body, false);
}
