#include "ring.h"

#include "alike.h"
#include "slice.h"

enum {
	NEAR = 4,       /* instructions from what sets flags to its branch */
	BEFORE = 16,    /* from where a trace begins to the load of the own index */
	VISITED = 160,  /* by a trace */
	PENDING = 12,   /* branches of it that are not followed yet */
	LOADS = 32,
	OWN_LOADS = 8
};

/* What a register's value is made of. */
struct made {
	uint32_t loads; /* a bit for each of the trace's */
	bool own;       /* the own index, too */
};

struct state {
	uint32_t at;
	struct made registers[RT_REGISTERS];
};

/* From the load of an own index on, along the ways that control may take. */
struct trace {
	struct rt_body *body;
	struct rt_alike own;
	struct state now, pending[PENDING];
	uint32_t pending_count;
	uint32_t visited[VISITED], visited_count;
	uint32_t loads[LOADS], load_count;
	uint32_t own_loads[OWN_LOADS], own_count;
	uint32_t compared; /* a bit for each load that the own index was compared with, to decide something */
	bool advances;     /* the store is reached, with a value made of the own index */
};

static void join(struct made *to, struct made from)
{
	to->loads |= from.loads;
	to->own |= from.own;
}

static struct made loaded(struct trace *trace, uint32_t i)
{
	const struct rt_memory *memory = &trace->body->insns[i].memory[0];
	struct made made = {0, rt_alike_has(&trace->own, memory)};
	if (made.own && trace->own_count < OWN_LOADS) {
		trace->own_loads[trace->own_count++] = i;
	} else if (!made.own && memory->bytes == trace->own.bytes && trace->load_count < LOADS) {
		trace->loads[trace->load_count] = i;
		made.loads = 1u << trace->load_count++;
	}
	return made;
}

static struct made made_of(struct trace *trace, uint32_t i)
{
	const struct rt_insn *insn = &trace->body->insns[i];
	rt_regs_t address = insn->memories ? rt_slice_address(&insn->memory[0]) : 0;
	struct made made = {0, false};
	if (insn->flow == RT_FLOW_CALL)
		return made;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++)
		if (reg != RT_RSP && insn->uses & ~address & 1u << reg)
			join(&made, trace->now.registers[reg]);
	if (rt_alike_is_load(trace->body, i))
		join(&made, loaded(trace, i));
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

static void step(struct trace *trace, uint32_t store)
{
	uint32_t i = trace->now.at;
	const struct rt_insn *insn = &trace->body->insns[i];
	rt_regs_t changes = rt_slice_changes(insn);
	struct made made = made_of(trace, i);
	if (made.own && made.loads && decides(trace, i))
		trace->compared |= made.loads;
	trace->advances |= i == store && made.own;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++) {
		if (!(changes & 1u << reg) || reg == RT_RSP)
			continue;
		if (insn->flow == RT_FLOW_CALL || insn->sets & 1u << reg)
			trace->now.registers[reg] = (struct made){0, false};
		join(&trace->now.registers[reg], made);
	}
}

/* Where control goes on; what a branch leads to is left for later. False: nowhere that was not visited. */
static bool move_on(struct trace *trace)
{
	const struct rt_body *body = trace->body;
	uint32_t i = trace->now.at, target = body->targets[i];
	uint8_t flow = body->insns[i].flow;
	if (flow == RT_FLOW_BRANCH && target != RT_NO_INSN && trace->pending_count < PENDING) {
		rt_bytes_copy(&trace->pending[trace->pending_count], &trace->now, sizeof(trace->now));
		trace->pending[trace->pending_count++].at = target;
	}
	trace->now.at = flow == RT_FLOW_JUMP ? target : body->next[i];
	while (trace->now.at == RT_NO_INSN || body->marks[trace->now.at] & RT_MARK_VISITED) {
		if (!trace->pending_count)
			return false;
		rt_bytes_copy(&trace->now, &trace->pending[--trace->pending_count], sizeof(trace->now));
	}
	return true;
}

static void follow(struct trace *trace, uint32_t first, uint32_t store)
{
	trace->pending_count = trace->visited_count = trace->load_count = trace->own_count = 0;
	trace->compared = 0;
	trace->advances = false;
	trace->now.at = first;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++)
		trace->now.registers[reg] = (struct made){0, false};
	do {
		trace->visited[trace->visited_count++] = trace->now.at;
		trace->body->marks[trace->now.at] |= RT_MARK_VISITED;
		step(trace, store);
	} while (trace->visited_count < VISITED && move_on(trace));
	for (uint32_t i = 0; i < trace->visited_count; i++)
		trace->body->marks[trace->visited[i]] &= (uint16_t)~RT_MARK_VISITED;
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

static void mark(const struct trace *trace, uint32_t store)
{
	uint16_t *marks = trace->body->marks;
	marks[store] |= RT_MARK_RING;
	for (uint32_t i = 0; i < trace->load_count; i++)
		if (trace->compared >> i & 1)
			marks[trace->loads[i]] |= RT_MARK_RING;
	for (uint32_t i = 0; i < trace->own_count; i++)
		marks[trace->own_loads[i]] |= RT_MARK_OWN;
}

static void find_loads(struct trace *trace, uint32_t store)
{
	struct rt_body *body = trace->body;
	uint32_t first = store > RT_ALIKE_FAR ? store - RT_ALIKE_FAR : 0;
	for (uint32_t i = first; i < body->count && i < store + RT_ALIKE_FAR; i++) {
		if (!rt_alike_has(&trace->own, &body->insns[i].memory[0]) || !rt_alike_is_load(body, i))
			continue;
		follow(trace, beginning(body, i), store);
		if (trace->advances && trace->compared) {
			mark(trace, store);
			return;
		}
	}
}

void rt_ring_find(struct rt_body *body)
{
	struct trace trace;
	trace.body = body;
	for (uint32_t i = 0; i < body->count; i++) {
		if (!rt_alike_is_store(body, i))
			continue;
		rt_alike_begin(&trace.own, body, i);
		find_loads(&trace, i);
	}
}
