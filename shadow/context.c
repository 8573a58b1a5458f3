#include "context.h"

#include "counters.h"
#include "frames.h"
#include "thread.h"

struct rt_trie rt_contexts, rt_locksets;

static void (*walker)(struct rt_thread *self, struct rt_site *site);

bool rt_context_init(void)
{
	return rt_trie_init(&rt_contexts, RT_CONTEXT_MOST) && rt_trie_init(&rt_locksets, 1 << 22);
}

void rt_context_set_walker(void (*walk)(struct rt_thread *self, struct rt_site *site))
{
	walker = walk;
}

rt_ctx_t rt_context_callers(struct rt_thread *self, struct rt_site *site)
{
	if (!site->callers && site->pc && !site->sp)
		site->callers = rt_frames_context(site->pc);
	else if (!site->callers && site->pc && walker)
		walker(self, site);
	return site->callers;
}

rt_ctx_t rt_context_leaf(
	rt_ctx_t callers, uint32_t function, enum rt_access_kind kind, enum rt_class class, uint32_t lockset)
{
	uint64_t key =
		RT_LEAF_KEY | ((uint64_t)function << 48) | ((uint64_t)kind << 40) | ((uint64_t) class << 32);
	rt_ctx_t context = rt_trie_child(&rt_contexts, callers, key | lockset);
	if (RT_UNLIKELY(!context))
		rt_count(RT_COUNTER_NO_CONTEXT);
	return context;
}

/* Announced callers change with every call, and the leaf of the access before is seldom that of the next: a few of the last
 * ones are kept. */
static rt_ctx_t announced_leaf(
	struct rt_thread *self, const struct rt_site *site, enum rt_access_kind kind, enum rt_class class)
{
	uint64_t what = ((uint64_t)rt_frames_path() << 32) | ((uint32_t)kind << 8) | class;
	uint64_t hash =
		(site->pc ^ (what >> 32) * 0x9e3779b1u ^ self->lockset * 0x85ebca6bu) * 0x9e3779b97f4a7c15ull;
	struct rt_recent_leaf *recent = &self->recent_leaves[hash >> (64 - RT_RECENT_LEAVES_LOG)];
	if (RT_LIKELY(recent->pc == site->pc && recent->what == what && recent->lockset == self->lockset))
		return recent->leaf;
	rt_ctx_t leaf =
		rt_context_leaf(rt_frames_context(site->pc), site->function, kind, class, self->lockset);
	if (leaf)
		*recent = (struct rt_recent_leaf){site->pc, what, self->lockset, leaf};
	return leaf;
}

rt_ctx_t rt_site_leaf(
	struct rt_thread *self, struct rt_site *site, enum rt_access_kind kind, enum rt_class class)
{
	if (!site->sp && site->pc && !site->function)
		return announced_leaf(self, site, kind, class);
	return rt_context_leaf(rt_context_callers(self, site), site->function, kind, class, self->lockset);
}

rt_ctx_t rt_site_context(struct rt_thread *self, struct rt_site *site, enum rt_access_kind kind)
{
	return rt_site_leaf(self, site, kind, RT_CLASS_DATA);
}

uint32_t rt_context_frames(rt_ctx_t context, void (*put)(void *argument, uint64_t pc), void *argument)
{
	uint32_t count = 0;
	while (context) {
		const struct rt_trie_node *node = &rt_contexts.nodes[context];
		uint64_t pc = node->key & RT_LEAF_KEY ? (node->key >> 48) & 0xfff : node->key;
		if (pc) {
			put(argument, pc);
			count++;
		}
		context = node->parent;
	}
	return count;
}
