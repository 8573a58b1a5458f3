#include "body.h"

#include "bits.h"
#include "decode.h"
#include "shadow/engine.h"

/* ---- memory that grows ---- */

/* *array of `room` elements as one of `wanted`, the first `used` kept. */
static bool grow(void *array, uint32_t room, uint32_t wanted, uint32_t used, size_t bytes)
{
	void **place = array;
	void *larger = rt_alloc(wanted * bytes);
	if (!larger)
		return false;
	rt_bytes_copy(larger, *place, used * bytes);
	rt_free(*place, room * bytes);
	*place = larger;
	return true;
}

bool rt_body_reserve(struct rt_body *body, uint32_t wanted)
{
	if (wanted <= body->room)
		return true;
	if (!grow(&body->insns, body->room, wanted, 0, sizeof(*body->insns)) ||
		!grow(&body->found, body->room, wanted, body->count, sizeof(*body->found)) ||
		!grow(&body->marks, body->room, wanted, body->count, sizeof(*body->marks)) ||
		!grow(&body->live, body->room, wanted, body->count, sizeof(*body->live)) ||
		!grow(&body->next, body->room, wanted, body->count, sizeof(*body->next)) ||
		!grow(&body->targets, body->room, wanted, body->count, sizeof(*body->targets)))
		return false;
	body->room = wanted;
	return true;
}

static bool make_room(struct rt_body *body)
{
	return body->count < body->room || rt_body_reserve(body, body->room ? 2 * body->room : 1024);
}

static bool make_index(struct rt_body *body, uint32_t bytes)
{
	if (bytes > body->index_room) {
		uint32_t wanted = bytes < 4096 ? 4096 : bytes;
		if (!grow(&body->index, body->index_room, wanted, 0, sizeof(*body->index)))
			return false;
		body->index_room = wanted;
	}
	rt_bytes_zero(body->index, bytes * sizeof(*body->index));
	return true;
}

/* ---- following control ---- */

/* Each byte of the function has a word of the index: while instructions are found it holds one of these, a list of offsets
 * that wait to be looked at threaded through others; then the number of the instruction. */
enum { NOTHING = 0, START = 1, INSIDE = 2, NUMBERS = 3 };

struct search {
	struct rt_body *body;
	uint32_t start, end;
	uint32_t *stack; /* offsets to go on from */
	uint32_t depth, room;
	bool full;
};

static void push(struct search *search, uint32_t offset)
{
	if (offset < search->start || offset >= search->end || search->full ||
		search->body->index[offset - search->start] == START)
		return;
	if (search->depth == search->room) {
		uint32_t wanted = search->room ? 2 * search->room : 256;
		if (!grow(&search->stack, search->room, wanted, search->depth, sizeof(*search->stack))) {
			search->full = true;
			return;
		}
		search->room = wanted;
	}
	search->stack[search->depth++] = offset;
}

/* A place that code of the function computes: perhaps of a table of its targets. */
static void look_at_address(struct search *search, const struct rt_insn *insn)
{
	struct rt_module *module = search->body->module;
	int64_t place;
	if (!insn->pc_relative || insn->memories || insn->flow != RT_FLOW_NEXT)
		return;
	place = (int64_t)insn->offset + insn->bytes +
		rt_word_get(module->text.code + insn->offset + insn->pc_relative);
	rt_module_table(module, search->body->function, place);
}

/* A call over data to a `pop`, which takes the data's address: hand-written code. It does not return. */
static bool skips_data(const struct rt_body *body, const struct rt_insn *insn)
{
	enum { REX_B = 0x41, POP = 0x58, REGISTERS = 8 };
	const uint8_t *code = body->module->text.code;
	int64_t target = insn->target;
	if (insn->flow != RT_FLOW_CALL || target <= (int64_t)insn->offset + insn->bytes ||
		target + 1 >= body->function->end)
		return false;
	return (uint8_t)(code[target + (code[target] == REX_B)] - POP) < REGISTERS;
}

static bool runs_on(const struct rt_body *body, const struct rt_insn *insn)
{
	if (skips_data(body, insn))
		return false;
	return insn->flow == RT_FLOW_NEXT || insn->flow == RT_FLOW_BRANCH || insn->flow == RT_FLOW_LOOP ||
	       insn->flow == RT_FLOW_CALL;
}

/* One instruction and what it leads to. */
static enum rt_body_result take(struct search *search, uint32_t offset)
{
	struct rt_body *body = search->body;
	struct rt_insn *insn;
	uint32_t *index = body->index - search->start;
	if (!make_room(body))
		return RT_BODY_NO_ROOM;
	insn = &body->found[body->count];
	if (!rt_decode(&body->module->text, offset, search->end, insn))
		return RT_BODY_BAD;
	for (uint32_t at = offset; at < offset + insn->bytes; at++) {
		if (index[at] != NOTHING)
			return RT_BODY_BAD;
		index[at] = at == offset ? START : INSIDE;
	}
	body->count++;
	bool goes_on = insn->flow != RT_FLOW_CALL || skips_data(body, insn);
	if (goes_on && insn->target >= 0)
		push(search, (uint32_t)insn->target);
	if (goes_on && insn->flow == RT_FLOW_CALL)
		rt_module_mark(body->module, (uint32_t)insn->target);
	look_at_address(search, insn);
	body->takes_frame |= insn->takes_frame;
	return RT_BODY_WHOLE;
}

/* rbp is set to where the frame is, and else only what it was before. Where it is any other register it may be that for a while. */
static bool has_rbp_frame(const struct rt_body *body)
{
	enum { POP_RBP = 0x5d, LEAVE = 0xc9 };
	bool is_set = false;
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		uint8_t code = body->module->text.code[insn->offset];
		is_set |= insn->sets_rbp_frame;
		bool restores = insn->bytes == 1 && (code == POP_RBP || code == LEAVE);
		if (insn->flow != RT_FLOW_CALL && (insn->changes | insn->sets) >> RT_RBP & 1 &&
			!insn->sets_rbp_frame && !restores)
			return false;
	}
	return is_set;
}

static enum rt_body_result follow(struct search *search)
{
	struct rt_body *body = search->body;
	const uint32_t *index = body->index - search->start;
	while (search->depth) {
		uint32_t offset = search->stack[--search->depth];
		while (offset < search->end && index[offset] != START) {
			if (index[offset] == INSIDE)
				return RT_BODY_BAD;
			enum rt_body_result result = take(search, offset);
			if (result != RT_BODY_WHOLE)
				return result;
			const struct rt_insn *insn = &body->found[body->count - 1];
			if (!runs_on(body, insn))
				break;
			offset += insn->bytes;
		}
		if (search->full)
			return RT_BODY_NO_ROOM;
	}
	return RT_BODY_WHOLE;
}

/* From the function's start, then from every place that is marked, until there are no new ones: tables are found on the
 * way. */
static enum rt_body_result search_all(struct search *search, bool marked)
{
	struct rt_body *body = search->body;
	const uint64_t *entries = (const uint64_t *)body->module->entries;
	uint32_t before;
	push(search, search->start);
	enum rt_body_result first = follow(search);
	if (first != RT_BODY_WHOLE || !marked)
		return first;
	do {
		before = body->count;
		for (uint32_t at = search->start; (at = rt_bit_next(entries, at, search->end)) < search->end;
			at++)
			if (body->index[at - search->start] == NOTHING)
				push(search, at);
		enum rt_body_result result = follow(search);
		if (result != RT_BODY_WHOLE)
			return result;
	} while (body->count != before);
	return RT_BODY_WHOLE;
}

/* ---- putting in order ---- */

static bool is_padding(uint8_t byte)
{
	return byte == 0x90 || byte == 0xcc || byte == 0;
}

/* Instructions were found in the order of control; sorted by walking over the index, which has their numbers at the end. */
static void sort(struct rt_body *body, const struct search *search)
{
	uint32_t bytes = search->end - search->start, unreached = 0, count = 0;
	const uint8_t *code = body->module->text.code + search->start;
	for (uint32_t i = 0; i < body->count; i++)
		body->index[body->found[i].offset - search->start] = i + NUMBERS;
	for (uint32_t at = 0; at < bytes;) {
		uint32_t found = body->index[at];
		if (found < NUMBERS) {
			unreached += !is_padding(code[at++]);
			continue;
		}
		rt_insn_copy(&body->insns[count], &body->found[found - NUMBERS]);
		body->index[at] = count + NUMBERS;
		at += body->insns[count++].bytes;
	}
	body->unreached = unreached;
}

static uint32_t index_of(const struct rt_body *body, int64_t offset)
{
	int64_t start = body->function->start;
	if (offset < start || offset >= body->function->end || body->index[offset - start] < NUMBERS)
		return RT_NO_INSN;
	return body->index[offset - start] - NUMBERS;
}

static void link_all(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		bool entry = rt_module_may_be_entry(body->module, insn->offset) || insn->is_landing;
		body->marks[i] = entry ? RT_MARK_LEADER | RT_MARK_OUTSIDE : 0;
	}
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		body->next[i] = runs_on(body, insn) ? index_of(body, (int64_t)insn->offset + insn->bytes)
						    : RT_NO_INSN;
		body->targets[i] = insn->flow == RT_FLOW_CALL ? RT_NO_INSN : index_of(body, insn->target);
		if (body->targets[i] != RT_NO_INSN)
			body->marks[body->targets[i]] |=
				body->targets[i] <= i ? RT_MARK_LEADER | RT_MARK_LOOP : RT_MARK_LEADER;
		if (insn->flow != RT_FLOW_NEXT && body->next[i] != RT_NO_INSN)
			body->marks[body->next[i]] |= RT_MARK_LEADER;
		if (insn->flow == RT_FLOW_CALL && body->next[i] != RT_NO_INSN)
			body->marks[body->next[i]] |= RT_MARK_OUTSIDE | RT_MARK_RETURN;
	}
}

static enum rt_body_result read_once(
	struct rt_body *body, struct rt_module *module, const struct rt_function *function, bool marked)
{
	struct search search = {.body = body, .start = function->start, .end = function->end};
	body->module = module;
	body->function = function;
	body->count = 0;
	body->unreached = 0;
	body->takes_frame = false;
	if (!make_index(body, function->end - function->start))
		return RT_BODY_NO_ROOM;
	enum rt_body_result result = search_all(&search, marked);
	rt_free(search.stack, search.room * sizeof(*search.stack));
	if (result != RT_BODY_WHOLE)
		return result;
	sort(body, &search);
	body->has_rbp_frame = has_rbp_frame(body);
	link_all(body);
	return RT_BODY_WHOLE;
}

/* A mark may be a number in the data that looks like an address: what it leads to then contradicts the rest. */
enum rt_body_result rt_body_read(
	struct rt_body *body, struct rt_module *module, const struct rt_function *function)
{
	enum rt_body_result result = read_once(body, module, function, true);
	return result == RT_BODY_BAD ? read_once(body, module, function, false) : result;
}

bool rt_body_calls_kernel(const struct rt_body *body, const struct rt_insn *insn)
{
	static const uint8_t call[] = {0x0f, 0x05};
	return rt_bytes_equal(body->module->text.code + insn->offset, call, sizeof(call));
}

void rt_body_fini(struct rt_body *body)
{
	rt_free(body->insns, body->room * sizeof(*body->insns));
	rt_free(body->found, body->room * sizeof(*body->found));
	rt_free(body->marks, body->room * sizeof(*body->marks));
	rt_free(body->live, body->room * sizeof(*body->live));
	rt_free(body->next, body->room * sizeof(*body->next));
	rt_free(body->targets, body->room * sizeof(*body->targets));
	rt_free(body->index, body->index_room * sizeof(*body->index));
	rt_bytes_zero(body, sizeof(*body));
}
