#include "ring.h"

#include "alike.h"
#include "meaning.h"
#include "origin.h"
#include "pushed.h"
#include "slice.h"

enum {
	NEAR = 4,     /* instructions from what sets flags to its branch */
	BEFORE = 16,  /* from where a trace begins to the load of the own index */
	VISITED = 72, /* by a trace; to some instructions it comes again, with more of the own index */
	MORE = 6, /* times as many, if the index was compared with something by then, and its store is not reached */
	PENDING = 40, /* branches of it that are not followed yet */
	TRACES = 2,   /* from different loads, for one store */
	AGAIN = 6,    /* likewise, for other looks of a ring that one was found of */
	LOOKS = 4,    /* words that an own index is compared with */
	LOADS = 32,
	OWN_LOADS = 8,
	STORES = 4,
	LEAST = 4 /* bytes of an index */
};

/* What registers are made of, at an instruction that control comes to. */
struct state {
	uint32_t at;
	rt_regs_t own;             /* of the own index */
	rt_regs_t others;          /* of other loads: */
	uint32_t loads[RT_VALUES]; /* a bit for each of the trace's; of those in `others` */
	rt_regs_t compared; /* with each other, by the instruction that set the flags: one of the own index */
};

struct made {
	uint32_t loads;
	bool own;
};

/* What was stored of loads: of the other index, for the next time. Code without optimisation loads it again. */
struct stored {
	struct rt_alike_place place;
	uint32_t loads;
};

/* From the load of an own index on, along the ways that control may take. */
struct trace {
	struct rt_body *body;
	struct rt_alike own;
	struct state now, pending[PENDING];
	uint32_t pending_count;
	uint32_t visited[MORE * VISITED], visited_count;
	rt_regs_t seen[MORE * VISITED]; /* of each: what was of the own index when control came there */
	unsigned steps;
	uint32_t loads[LOADS], load_count;
	uint32_t own_loads[OWN_LOADS], own_count;
	struct stored stores[STORES];
	unsigned store_count;
	uint32_t compared; /* a bit for each load that the own index was compared with, to decide something */
	uint32_t goal;     /* the store */
	uint32_t taken; /* the instruction that takes the own index as a number; RT_NO_INSN: it is stored */
	bool begun;     /* it has come by the load */
	bool is_sure;   /* it asks whether what looks like the own index is */
	bool is_again;  /* what is compared with it is known; from other looks than the first one */
	bool advances;  /* the store is reached, with a value made of the own index */
};

static void load(struct trace *trace, uint32_t i, struct made *made)
{
	struct rt_alike_place place = rt_alike_place(trace->body, i);
	if (rt_alike_has(&trace->own, &place) &&
		!(trace->is_sure && rt_origin_is_apart(trace->body, i, trace->goal))) {
		made->own = true;
		if (trace->own_count < OWN_LOADS)
			trace->own_loads[trace->own_count++] = i;
	} else if (trace->load_count < LOADS) {
		trace->loads[trace->load_count] = i;
		made->loads |= 1u << trace->load_count++;
	}
	for (unsigned n = 0; n < trace->store_count; n++)
		made->loads |= rt_alike_is_same(&trace->stores[n].place, &place) ? trace->stores[n].loads : 0;
}

static void store(struct trace *trace, uint32_t i, struct made made)
{
	bool is_one = made.loads && !(made.loads & (made.loads - 1)) && !made.own;
	if (is_one && trace->store_count < STORES)
		trace->stores[trace->store_count++] =
			(struct stored){rt_alike_place(trace->body, i), made.loads};
}

/* What the instruction makes of what it reads. */
static struct made made_of(struct trace *trace, uint32_t i)
{
	const struct rt_insn *insn = &trace->body->insns[i];
	rt_regs_t address = insn->memories ? rt_slice_address(&insn->memory[0]) : 0;
	rt_regs_t values = insn->uses & ~address & (trace->now.own | trace->now.others);
	struct made made = {0, false};
	if (insn->flow == RT_FLOW_CALL)
		return made;
	made.own = (values & trace->now.own) || i == trace->taken;
	for (unsigned reg = 0; values & trace->now.others && reg < RT_VALUES; reg++)
		if (values & trace->now.others & 1u << reg)
			made.loads |= trace->now.loads[reg];
	if (insn->memories == 1 && insn->memory[0].bytes == trace->own.places[0].bytes &&
		rt_alike_is_load(trace->body, i))
		load(trace, i, &made);
	return made;
}

/* A branch asks the flags that are set at `i`. */
static bool decides(const struct trace *trace, uint32_t i)
{
	const struct rt_body *body = trace->body;
	if (!(body->insns[i].sets & RT_FLAGS_ALL))
		return false;
	for (unsigned near = 0; near < NEAR; near++) {
		i = body->next[i];
		if (i == RT_NO_INSN || body->insns[i].flow != RT_FLOW_NEXT)
			return i != RT_NO_INSN && body->insns[i].flow == RT_FLOW_BRANCH;
		if (body->insns[i].sets & RT_FLAGS_ALL)
			return false;
	}
	return false;
}

static void keep(struct state *state, rt_regs_t changes, rt_regs_t sets, struct made made)
{
	rt_regs_t joins = state->others & ~sets;
	state->own = (state->own & ~sets) | (made.own ? changes : 0);
	state->others = joins | (made.loads ? changes : 0);
	for (unsigned reg = 0; made.loads && reg < RT_VALUES; reg++)
		if (changes & 1u << reg)
			state->loads[reg] = (joins & 1u << reg ? state->loads[reg] : 0) | made.loads;
}

/* Where it is found equal to an own index, another value is as good as that: compilers keep one of the two. */
static void compare(struct state *now, const struct rt_body *body, uint32_t i, struct made made)
{
	const struct rt_insn *insn = &body->insns[i];
	if (insn->sets & RT_FLAGS_ALL)
		now->compared = made.own && !insn->memories && !(insn->changes & RT_VALUES_ALL) &&
						rt_meaning_of(body, insn).operation == RT_DO_COMPARE
					? rt_regs_values(insn->uses)
					: 0;
	else if (insn->changes & now->compared)
		now->compared = 0;
}

static void step(struct trace *trace)
{
	const rt_regs_t general = RT_VALUES_ALL & ~(1u << RT_RSP);
	uint32_t i = trace->now.at;
	const struct rt_insn *insn = &trace->body->insns[i];
	rt_regs_t changes = rt_slice_changes(insn) & general;
	struct made made = made_of(trace, i);
	if (made.own && made.loads && decides(trace, i))
		trace->compared |= made.loads;
	trace->advances |= i == trace->goal && made.own;
	if (i != trace->goal && rt_alike_is_store(trace->body, i))
		store(trace, i, made);
	if (trace->is_again)
		compare(&trace->now, trace->body, i, made);
	keep(&trace->now, changes, insn->flow == RT_FLOW_CALL ? changes : insn->sets & general, made);
}

/* What was of the own index when it came there before; NULL: it did not. */
static rt_regs_t *seen_at(struct trace *trace, uint32_t at)
{
	uint32_t i = 0;
	if (!(trace->body->marks[at] & RT_MARK_VISITED))
		return NULL;
	while (trace->visited[i] != at)
		i++;
	return &trace->seen[i];
}

static void visit(struct trace *trace)
{
	uint32_t at = trace->now.at;
	rt_regs_t *seen = seen_at(trace, at);
	if (!seen) {
		seen = &trace->seen[trace->visited_count];
		*seen = 0;
		trace->visited[trace->visited_count++] = at;
		trace->body->marks[at] |= RT_MARK_VISITED;
	}
	*seen |= trace->now.own;
	trace->steps++;
}

/* It came there before, with as much of the own index. */
static bool is_known(struct trace *trace)
{
	const rt_regs_t *seen = seen_at(trace, trace->now.at);
	return seen && !(trace->now.own & ~*seen);
}

/* Nothing of the own index is left there, or nothing that was not there before. */
static bool is_lost(struct trace *trace)
{
	return trace->now.at == RT_NO_INSN || is_known(trace) || (trace->begun && !trace->now.own);
}

/* Where control goes on; what a branch leads to is left for later. False: nowhere. */
static bool move_on(struct trace *trace)
{
	const struct rt_body *body = trace->body;
	uint32_t i = trace->now.at, target = body->targets[i];
	uint8_t flow = body->insns[i].flow, condition = body->insns[i].condition;
	if (flow == RT_FLOW_BRANCH && target != RT_NO_INSN && trace->pending_count < PENDING) {
		struct state *other = &trace->pending[trace->pending_count++];
		rt_bytes_copy(other, &trace->now, sizeof(trace->now));
		other->at = target;
		other->own |= condition == RT_CONDITION_EQUAL ? other->compared : 0;
	}
	if (flow == RT_FLOW_BRANCH && condition == RT_CONDITION_NOT_EQUAL)
		trace->now.own |= trace->now.compared;
	trace->now.at = flow == RT_FLOW_JUMP ? target : body->next[i];
	while (is_lost(trace)) {
		if (!trace->pending_count)
			return false;
		rt_bytes_copy(&trace->now, &trace->pending[--trace->pending_count], sizeof(trace->now));
	}
	return true;
}

/* Back from a load, straight: the other index may be loaded first. */
static uint32_t beginning(const struct rt_body *body, uint32_t load)
{
	for (unsigned before = 0; before < BEFORE && load; before++) {
		uint8_t flow = body->insns[load - 1].flow;
		if (body->next[load - 1] != load || (flow != RT_FLOW_NEXT && flow != RT_FLOW_BRANCH))
			break;
		load--;
	}
	return load;
}

static bool is_out_of_room(const struct trace *trace)
{
	bool is_near = (trace->compared != 0) != trace->advances;
	unsigned most = is_near ? MORE * VISITED : VISITED;
	return trace->visited_count >= most || trace->steps >= most + most / 2;
}

static void follow(struct trace *trace, uint32_t load, uint32_t store)
{
	trace->steps = trace->store_count = 0;
	trace->pending_count = trace->visited_count = trace->load_count = trace->own_count = 0;
	trace->compared = 0;
	trace->goal = store;
	trace->advances = trace->begun = false;
	trace->now.at = beginning(trace->body, load);
	trace->now.own = trace->now.others = trace->now.compared = 0;
	do {
		visit(trace);
		step(trace);
		trace->begun |= trace->now.at == load;
	} while (!is_out_of_room(trace) && move_on(trace));
	for (uint32_t i = 0; i < trace->visited_count; i++)
		trace->body->marks[trace->visited[i]] &= ~RT_MARK_VISITED;
}

static void mark_compared(const struct trace *trace, uint32_t compared)
{
	uint32_t *marks = trace->body->marks;
	for (uint32_t i = 0; i < trace->load_count; i++)
		if (compared >> i & 1)
			marks[trace->loads[i]] |= RT_MARK_RING;
	for (uint32_t i = 0; i < trace->own_count; i++)
		marks[trace->own_loads[i]] |= RT_MARK_OWN;
}

/* What the own index is compared with before it is stored. */
struct looks {
	struct rt_alike_place places[LOOKS];
	unsigned count;
};

static void find_looks(const struct trace *trace, struct looks *looks)
{
	looks->count = 0;
	for (uint32_t i = 0; i < trace->load_count && looks->count < LOOKS; i++)
		if (trace->compared >> i & 1)
			looks->places[looks->count++] = rt_alike_place(trace->body, trace->loads[i]);
}

/* Who asks first whether there is something, and then for what, looks twice before the one store. */
static void mark_again(const struct trace *trace, const struct looks *looks)
{
	uint32_t again = 0;
	for (uint32_t i = 0; i < trace->load_count; i++) {
		struct rt_alike_place place = rt_alike_place(trace->body, trace->loads[i]);
		for (unsigned n = 0; trace->compared >> i & 1 && n < looks->count; n++)
			again |= (uint32_t)rt_alike_is_same(&looks->places[n], &place) << i;
	}
	if (again)
		mark_compared(trace, again);
}

/* Whether addresses come from different fields takes longer to find out than most traces take, of which few find anything. */
static void follow_surely(struct trace *trace, uint32_t load, uint32_t store)
{
	trace->is_sure = false;
	follow(trace, load, store);
	if (!trace->advances || !trace->compared)
		return;
	trace->is_sure = true;
	follow(trace, load, store);
	if (rt_origin_is_apart(trace->body, load, store) || rt_pushed_is(trace->body, store))
		trace->compared = 0;
}

static void follow_loads(struct trace *trace, const struct rt_alike_loads *loads, uint32_t store)
{
	struct rt_alike_walk walk = {0, 0};
	const struct rt_alike_place *own;
	struct looks looks = {.count = 0};
	unsigned traces = 0;
	trace->is_again = false;
	trace->taken = RT_NO_INSN;
	while (traces < (looks.count ? AGAIN : TRACES) &&
		(own = rt_alike_next(loads, &trace->own, &walk)) != NULL) {
		if (!trace->body->insns[own->at].changes)
			continue;
		follow_surely(trace, own->at, store);
		traces++;
		if (looks.count) {
			mark_again(trace, &looks);
		} else if (trace->advances && trace->compared) {
			trace->body->marks[store] |= trace->body->insns[store].is_locked ? 0 : RT_MARK_RING;
			mark_compared(trace, trace->compared);
			find_looks(trace, &looks);
			trace->is_again = true;
		}
	}
}

static bool is_index(const struct rt_body *body, const struct rt_memory *memory)
{
	return memory->form == RT_FORM_PLAIN && memory->bytes >= LEAST && !memory->segment &&
	       !rt_slice_is_frame(body, memory);
}

/* xchg with memory, as a sequentially consistent store is made: opcode 87. */
static bool is_exchange(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	const uint8_t *at = body->module->text.code + insn->offset;
	return insn->memories == 1 && insn->is_locked && at[(*at & 0xf0) == 0x40] == 0x87 &&
	       is_index(body, &insn->memory[0]);
}

/* Several consumers take a number each by an atomic addition, and compare it with the other index; or what they find there before. */
static void follow_taken(struct trace *trace, const struct rt_alike_loads *loads, uint32_t taken)
{
	struct rt_alike_walk walk = {0, 0};
	const struct rt_alike_place *before;
	trace->is_again = false;
	trace->taken = taken;
	trace->is_sure = false;
	follow(trace, taken, taken);
	mark_compared(trace, trace->compared);
	for (unsigned traces = 0;
		traces < TRACES && (before = rt_alike_next(loads, &trace->own, &walk)) != NULL; traces++) {
		follow(trace, before->at, taken);
		mark_compared(trace, trace->compared);
	}
}

static bool takes(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return insn->memories == 1 && insn->is_locked &&
	       rt_code_takes(body->module->text.code + insn->offset, insn->bytes) &&
	       is_index(body, &insn->memory[0]);
}

void rt_ring_find(struct rt_body *body)
{
	struct trace trace;
	struct rt_alike_loads loads;
	trace.body = body;
	rt_alike_loads_begin(&loads);
	for (uint32_t i = 0; i < body->count; i++) {
		bool is_taken = takes(body, i);
		if (!(is_taken || rt_alike_is_store(body, i) || is_exchange(body, i)) ||
			!rt_slice_value(&body->insns[i]) || body->insns[i].memory[0].bytes < LEAST)
			continue;
		rt_alike_loads_move(&loads, body, i);
		rt_alike_begin(&trace.own, body, i);
		if (is_taken)
			follow_taken(&trace, &loads, i);
		else
			follow_loads(&trace, &loads, i);
	}
}
