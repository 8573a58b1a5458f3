#include "linked.h"

#include "alike.h"
#include "copies.h"
#include "slice.h"

enum {
	NEAR = 24,    /* instructions on from the exchange, on each way */
	ALL = 64,     /* and on all */
	NEAR_MADE = 8 /* back to where the address was made */
};

/* On from an exchange. */
struct way {
	uint32_t at;
	rt_regs_t put, found; /* registers that have what was put there, and what was found */
};

/* What is the same on all ways. */
struct search {
	struct rt_body *body;
	const struct rt_insn
		*made; /* what made the address that is put there, or loaded it; NULL: nothing near */
	unsigned steps;
};

/* pre: it is locked. */
static bool is_exchange(const struct rt_insn *insn, rt_regs_t *value)
{
	const struct rt_memory *memory = &insn->memory[0];
	*value = insn->memories == 1 ? rt_slice_value(insn) : 0;
	return memory->read && memory->write && memory->bytes == sizeof(uint64_t);
}

/* Of a place, or what is there. */
static bool makes(const struct rt_insn *insn)
{
	return insn->addresses ||
	       (insn->memories == 1 && !insn->memory[0].write && insn->memory[0].bytes == sizeof(uint64_t) &&
		       insn->sets & insn->changes);
}

static bool makes_same(const struct rt_insn *insn, const struct rt_insn *made)
{
	return makes(insn) && insn->addresses == made->addresses &&
	       rt_slice_same_place(&insn->memory[0], &made->memory[0]);
}

static const struct rt_insn *find_made(const struct rt_body *body, uint32_t exchange, rt_regs_t value)
{
	for (uint32_t i = exchange; i-- > 0 && i + NEAR_MADE > exchange;)
		if (rt_slice_changes(&body->insns[i]) & value)
			return makes(&body->insns[i]) ? &body->insns[i] : NULL;
	return NULL;
}

/* What it puts there, and what it has found when it is done. */
static bool begin(struct search *search, uint32_t exchange, struct way *way)
{
	const struct rt_body *body = search->body;
	const struct rt_insn *insn = &body->insns[exchange];
	const rt_regs_t rax = 1u << RT_RAX;
	rt_regs_t value;
	if (!is_exchange(insn, &value))
		return false;
	bool compares = rt_code_compares(body->module->text.code + insn->offset, insn->bytes);
	value &= ~(compares ? rax : 0);
	if (!rt_regs_are_one(value) || (!compares && !(insn->changes & value)))
		return false;
	way->at = body->next[exchange];
	search->made = find_made(body, exchange, value);
	way->put = rt_copies_before(body, exchange, value) & ~(compares ? 0 : value);
	way->found = compares ? rt_copies_before(body, exchange, rax) : value;
	return true;
}

static void step(struct search *search, struct way *way)
{
	struct rt_body *body = search->body;
	const struct rt_insn *insn = &body->insns[way->at];
	const struct rt_memory *memory = &insn->memory[0];
	if (rt_alike_is_store(body, way->at) && memory->index == RT_REG_NONE &&
		memory->bytes == sizeof(uint64_t) && rt_slice_address(memory) & way->found &&
		rt_slice_value(insn) & way->put)
		body->marks[way->at] |= RT_MARK_WAITS;
	way->put = rt_copies_behind(body, way->at, way->put);
	way->found = rt_copies_behind(body, way->at, way->found);
	if (search->made && makes_same(insn, search->made))
		way->put |= insn->changes;
}

static void go_on(struct search *search, struct way way)
{
	const struct rt_body *body = search->body;
	for (unsigned near = 0; near < NEAR && way.at != RT_NO_INSN && search->steps++ < ALL; near++) {
		const struct rt_insn *insn = &body->insns[way.at];
		step(search, &way);
		if (!way.found || !(way.put || search->made))
			return;
		if (insn->flow == RT_FLOW_BRANCH) {
			struct way other = {body->targets[way.at], way.put, way.found};
			go_on(search, other);
		}
		way.at = insn->flow == RT_FLOW_JUMP ? body->targets[way.at] : body->next[way.at];
	}
}

void rt_linked_find(struct rt_body *body)
{
	struct way way;
	for (uint32_t i = 0; i < body->count; i++) {
		struct search search = {.body = body};
		if (body->insns[i].is_locked && begin(&search, i, &way))
			go_on(&search, way);
	}
}
