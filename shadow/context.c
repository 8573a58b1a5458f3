#include "activation.h"
#include "announced.h"
#include "counters.h"
#include "pattern.h"

struct rt_trie rt_contexts, rt_locksets;

static struct rt_walker walker;

bool rt_context_init(void)
{
	rt_pattern_init();
	return rt_trie_init(&rt_contexts, RT_CONTEXT_MOST, true) &&
	       rt_trie_init(&rt_locksets, 1 << 22, false);
}

void rt_context_set_walker(struct rt_walker by)
{
	walker = by;
}

uintptr_t rt_context_cfa(struct rt_thread *self, const struct rt_site *site, uintptr_t address)
{
	return walker.cfa ? walker.cfa(self, site, address) : 0;
}

static void walk(struct rt_thread *self, struct rt_site *site)
{
	walker.walk(self, site);
	const struct rt_trie_node *node = &rt_contexts.nodes[site->callers];
	if (node->key == site->pc && node->parent)
		rt_activation_keep(self, site, node->parent);
}

void rt_context_cut(struct rt_site *site)
{
	site->callers = rt_trie_child(&rt_contexts, 0, site->pc);
}

rt_ctx_t rt_context_callers(struct rt_thread *self, struct rt_site *site)
{
	rt_ctx_t known;
	if (site->callers || !site->pc)
		return site->callers;
	if (!site->sp)
		site->callers = rt_frames_context(site->pc);
	else if ((known = rt_activation_find(self, site)))
		site->callers = rt_trie_child(&rt_contexts, known, site->pc);
	else if (walker.walk)
		walk(self, site);
	return site->callers;
}

rt_ctx_t rt_context_leaf(
	rt_ctx_t callers, uint32_t function, enum rt_access_kind kind, enum rt_class class, uint32_t lockset)
{
	uint64_t key = RT_LEAF_KEY | (kind == RT_FREE ? RT_TRIE_HIGH : 0) | ((uint64_t)function << 48) |
		       ((uint64_t)kind << 40) | ((uint64_t) class << 32);
	rt_ctx_t context = rt_trie_child(&rt_contexts, callers, key | lockset);
	if (RT_UNLIKELY(!context))
		rt_count(RT_COUNTER_NO_CONTEXT);
	return context;
}

const struct rt_known_leaf rt_no_leaves[1];

enum { FIRST_LEAVES = 64, LEAVES_MOST = 16384, LEAVES_STEP = 4 };

void rt_known_leaves_fini(struct rt_thread *thread)
{
	if (thread->known_leaves != rt_no_leaves)
		rt_free((void *)thread->known_leaves,
			(thread->known_leaf_mask + 1) * sizeof(struct rt_known_leaf));
	thread->known_leaves = rt_no_leaves;
	thread->known_leaf_mask = 0;
}

/* When as many look-ups as it has entries found nothing: more of them, and all empty. */
static void grow_leaves(struct rt_thread *self)
{
	bool none = self->known_leaves == rt_no_leaves;
	uint32_t count = none ? FIRST_LEAVES : LEAVES_STEP * (self->known_leaf_mask + 1);
	if (count > LEAVES_MOST || self->unknown_leaves++ < (none ? 0 : count))
		return;
	struct rt_known_leaf *leaves = rt_alloc(count * sizeof(*leaves));
	if (!leaves)
		return;
	rt_known_leaves_fini(self);
	self->known_leaves = leaves;
	self->known_leaf_mask = count - 1;
	self->unknown_leaves = 0;
}

rt_ctx_t rt_path_leaf_slow(struct rt_thread *self, struct rt_known_leaf key, uint32_t function,
	enum rt_access_kind kind, enum rt_class class)
{
	rt_ctx_t path = (rt_ctx_t)(key.where >> 32), child;
	child = rt_trie_child(&rt_contexts, path, key.place & (RT_PLACE_CALL - 1));
	rt_ctx_t callers = child ? child : path; /* no room: a shorter stack is better than none */
	rt_ctx_t leaf = rt_context_leaf(callers, function, kind, class, self->lockset);
	grow_leaves(self);
	if (leaf && self->known_leaves != rt_no_leaves) {
		key.leaf = leaf;
		*(struct rt_known_leaf *)rt_known_leaf_at(self, &key) = key;
	}
	return leaf;
}

rt_ctx_t rt_site_leaf(
	struct rt_thread *self, struct rt_site *site, enum rt_access_kind kind, enum rt_class class)
{
	if (rt_site_is_announced(site))
		return rt_announced_leaf(self, site->pc, 0, kind, class);
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
