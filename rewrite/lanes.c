#include "lanes.h"

#include "check.h"
#include "known.h"

enum { LEAST = 4 /* bytes of a load that may be one of several elements */ };

/* So many registers hand something to the caller, and to who is called: more and more, for what nobody looks at else. */
static const struct round {
	unsigned results, arguments;
	bool leaves; /* and all of them, what was only loaded */
} rounds[] = {{0, 0, false}, {1, 0, false}, {1, 1, false}, {2, 8, true}};

static const uint8_t *code_of(const struct rt_body *body, uint32_t i)
{
	return body->module->text.code + body->insns[i].offset;
}

/* ---- is it worth a look? ---- */

static bool is_load(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	const struct rt_memory *memory = &insn->memory[0];
	return insn->memories == 1 && memory->read && !memory->write && memory->form == RT_FORM_PLAIN &&
	       memory->bytes >= LEAST && memory->bytes <= RT_VECTOR_BYTES &&
	       rt_vector_may_be(code_of(body, i), insn->bytes);
}

static bool is_worth_it(const struct rt_body *body)
{
	bool loads = false, drops = false;
	for (uint32_t i = 0; i < body->count && !(loads && drops); i++) {
		bool is_checked = is_load(body, i) && !rt_check_skips(body, i, &body->insns[i].memory[0]);
		loads |= is_checked;
		drops |= (body->insns[i].uses_vectors || is_checked) &&
			 rt_vector_may_drop(code_of(body, i), body->insns[i].bytes);
	}
	return loads && drops;
}

/* ---- taking the body apart ---- */

static bool add_insn(struct rt_lanes *lanes, const struct rt_body *body, uint32_t i)
{
	struct rt_lanes_insn *insn = rt_list_add(&lanes->insns);
	if (!insn)
		return false;
	*insn = (struct rt_lanes_insn){0, 0};
	if (rt_vector_may_be(code_of(body, i), body->insns[i].bytes)) {
		struct rt_vector *vector = rt_list_add(&lanes->vectors);
		if (!vector)
			return false;
		if (rt_vector_read(code_of(body, i), body->insns[i].bytes, vector))
			insn->vector = lanes->vectors.count;
		else
			lanes->vectors.count--;
	}
	if (body->marks[i] & RT_MARK_LEADER) {
		struct rt_lanes_state *state = rt_list_add(&lanes->states);
		if (!state)
			return false;
		rt_bytes_zero(state, sizeof(*state));
		insn->state = lanes->states.count;
	}
	return true;
}

static bool read_body(struct rt_lanes *lanes, const struct rt_body *body)
{
	lanes->vectors.count = lanes->states.count = lanes->insns.count = 0;
	for (uint32_t i = 0; i < body->count; i++)
		if (!add_insn(lanes, body, i))
			return false;
	return true;
}

/* ---- going back ---- */

static void add_state(struct rt_lanes_state *to, const struct rt_lanes_state *from)
{
	for (unsigned reg = 0; reg < RT_VECTORS; reg++) {
		to->used[reg] |= from->used[reg];
		to->handed[reg] |= from->handed[reg];
		to->left[reg] |= from->left[reg];
	}
}

static void add_handed(struct rt_lanes_state *state, const struct round *round, unsigned count)
{
	for (unsigned reg = 0; reg < RT_VECTORS; reg++) {
		if (reg < count)
			state->handed[reg] = RT_VECTOR_ALL;
		if (round->leaves)
			state->left[reg] = RT_VECTOR_ALL;
	}
}

static void add_all(struct rt_lanes_state *state)
{
	for (unsigned reg = 0; reg < RT_VECTORS; reg++)
		state->used[reg] = RT_VECTOR_ALL;
}

/* Before instruction `to`, which control jumps to. */
static void add_target(
	const struct rt_lanes *lanes, const struct round *round, uint32_t to, struct rt_lanes_state *state)
{
	if (to == RT_NO_INSN) /* another function */
		add_handed(state, round, round->arguments);
	else if (lanes->insns.at[to].state)
		add_state(state, &lanes->states.at[lanes->insns.at[to].state - 1]);
	else
		add_all(state);
}

/* `state`: before the instruction after it; becomes that after it, whichever way it goes. */
static void go_out(const struct rt_lanes *lanes, const struct round *round, const struct rt_body *body,
	uint32_t i, struct rt_lanes_state *state)
{
	uint8_t flow = body->insns[i].flow;
	bool goes_on = flow == RT_FLOW_NEXT || flow == RT_FLOW_BRANCH || flow == RT_FLOW_LOOP ||
		       flow == RT_FLOW_CALL;
	if (!goes_on || body->next[i] != i + 1)
		rt_bytes_zero(state, sizeof(*state));
	if (goes_on && body->next[i] != i + 1)
		add_target(lanes, round, body->next[i], state);
	if (flow == RT_FLOW_BRANCH || flow == RT_FLOW_LOOP || flow == RT_FLOW_JUMP)
		add_target(lanes, round, body->targets[i], state);
	else if (flow == RT_FLOW_CALL)
		add_handed(state, round, round->arguments);
	else if (flow == RT_FLOW_RETURN)
		add_handed(state, round, round->results);
	else if (flow == RT_FLOW_INDIRECT)
		add_all(state);
}

static uint32_t mask_of(unsigned bytes)
{
	return bytes < RT_VECTOR_BYTES ? (1u << bytes) - 1 : RT_VECTOR_ALL;
}

static void see_load(struct rt_body *body, uint32_t i, uint32_t used)
{
	if (is_load(body, i))
		body->insns[i].memory[0].unused = mask_of(body->insns[i].memory[0].bytes) & ~used;
}

/* Those that are written here are taken out. */
static uint32_t take(uint32_t *bytes, uint32_t written)
{
	uint32_t taken = *bytes & written;
	*bytes &= ~written;
	return taken;
}

/* What of the result is looked at behind it. */
static uint32_t take_result(struct rt_vector *vector, struct rt_lanes_state *state)
{
	bool is_load = vector->count == 1 && vector->from[0] == RT_VECTOR_MEMORY;
	if (vector->always)
		return RT_VECTOR_ALL;
	if (vector->to >= RT_VECTORS)
		return 0;
	uint32_t used = take(&state->used[vector->to], vector->written),
		 handed = take(&state->handed[vector->to], vector->written),
		 left = take(&state->left[vector->to], vector->written);
	vector->is_used |= used != 0;
	if (vector->was_used)
		return used;
	return used | handed | (is_load ? left : 0);
}

/* `state`: after it; becomes that before it. */
static void go_through(
	struct rt_vector *vector, struct rt_body *body, uint32_t i, struct rt_lanes_state *state)
{
	uint32_t wanted = take_result(vector, state);
	if (vector->everything)
		add_all(state);
	for (unsigned source = 0; source < vector->count; source++) {
		uint8_t from = vector->from[source];
		uint32_t needed = rt_vector_needs(vector, source, wanted);
		if (from < RT_VECTORS)
			state->used[from] |= needed;
		else if (from == RT_VECTOR_MEMORY)
			see_load(body, i, needed);
	}
}

/* From the end to the beginning. True: something is new that control comes back to. */
static bool flow_back(struct rt_lanes *lanes, const struct round *round, struct rt_body *body)
{
	struct rt_lanes_state state;
	bool changed = false;
	rt_bytes_zero(&state, sizeof(state));
	for (uint32_t i = body->count; i-- > 0;) {
		const struct rt_lanes_insn *insn = &lanes->insns.at[i];
		go_out(lanes, round, body, i, &state);
		if (insn->vector)
			go_through(&lanes->vectors.at[insn->vector - 1], body, i, &state);
		if (!insn->state)
			continue;
		struct rt_lanes_state *before = &lanes->states.at[insn->state - 1];
		bool is_new = !rt_bytes_equal(before, &state, sizeof(state));
		changed |= is_new && body->marks[i] & RT_MARK_LOOP;
		rt_bytes_copy(before, &state, sizeof(state));
	}
	return changed;
}

static bool leaves_any(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->insns[i].memory[0].unused)
			return true;
	return false;
}

void rt_lanes_find(struct rt_lanes *lanes, struct rt_body *body)
{
	if (!is_worth_it(body) || !read_body(lanes, body))
		return;
	rt_known_find(lanes, body);
	for (unsigned round = 0; round < RT_COUNT(rounds); round++) {
		while (flow_back(lanes, &rounds[round], body))
			;
		if (!leaves_any(body)) /* more can only be used by more */
			return;
		for (uint32_t i = 0; i < lanes->vectors.count; i++)
			lanes->vectors.at[i].was_used = lanes->vectors.at[i].is_used;
	}
}

void rt_lanes_fini(struct rt_lanes *lanes)
{
	rt_list_fini(&lanes->vectors);
	rt_list_fini(&lanes->states);
	rt_list_fini(&lanes->insns);
}
