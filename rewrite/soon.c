#include "soon.h"

struct ways {
	uint32_t at[RT_SOON_MOST];
	unsigned count, most;
};

static void add(struct ways *ways, struct rt_body *body, uint32_t to)
{
	if (to == RT_NO_INSN || ways->count == ways->most || body->marks[to] & RT_MARK_VISITED)
		return;
	body->marks[to] |= RT_MARK_VISITED;
	ways->at[ways->count++] = to;
}

static void go_on(struct ways *ways, struct rt_body *body, uint32_t i)
{
	uint8_t flow = body->insns[i].flow;
	if (flow != RT_FLOW_JUMP)
		add(ways, body, body->next[i]);
	if (flow != RT_FLOW_CALL)
		add(ways, body, body->targets[i]);
}

bool rt_soon_comes(struct rt_body *body, uint32_t from, uint32_t to, unsigned most,
	bool (*passes)(const struct rt_body *body, uint32_t i, const void *data), const void *data)
{
	struct ways ways;
	unsigned seen = 0;
	ways.count = 0;
	ways.most = most;
	go_on(&ways, body, from);
	for (; seen < ways.count && ways.at[seen] != to; seen++)
		if (!passes || passes(body, ways.at[seen], data))
			go_on(&ways, body, ways.at[seen]);
	for (unsigned i = 0; i < ways.count; i++)
		body->marks[ways.at[i]] &= ~RT_MARK_VISITED;
	return seen < ways.count;
}
