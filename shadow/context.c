#include "activation.h"
#include "announced.h"
#include "counters.h"
#include "pattern.h"

struct rt_trie rt_contexts, rt_locksets;

static struct rt_walker walker;

/* Recursion that branches has more stacks than any memory holds. When of all contexts only one in eight is left, new stacks are cut to
 * their innermost frames: to fewer when less is left. */
enum { KEPT_LOG = 3, CUTS = 3, FRAMES_MOST = 12 };
static const struct {
	uint32_t frames, left_log;
} cuts[CUTS] = {{FRAMES_MOST, 4}, {4, 6}, {1, 31}};

bool rt_context_init(void)
{
	rt_pattern_init();
	bool done = rt_trie_init(&rt_contexts, RT_CONTEXT_MOST, true) &&
		    rt_trie_init(&rt_locksets, 1 << 22, false);
	rt_contexts.kept = rt_contexts.room >> KEPT_LOG;
	return done;
}

/* The innermost frames, and whether there are more. */
struct inner {
	uint64_t keys[FRAMES_MOST];
	uint32_t count;
	bool more;
};

static struct inner inner_of(rt_ctx_t path)
{
	struct inner inner = {.count = 0};
	for (; path && rt_contexts.nodes[path].key != RT_PC_OMITTED; path = rt_contexts.nodes[path].parent) {
		if (inner.count == FRAMES_MOST)
			break;
		inner.keys[inner.count++] = rt_contexts.nodes[path].key;
	}
	inner.more = path != 0;
	return inner;
}

/* The key below the innermost `most` frames; 0: not so many nodes are left. */
static rt_ctx_t child_of_inner(const struct inner *inner, uint32_t most, uint64_t key, uint32_t leaves)
{
	uint32_t count = inner->count < most ? inner->count : most;
	bool cut = inner->more || count < inner->count;
	rt_ctx_t path = cut ? rt_trie_child_slow(&rt_contexts, 0, RT_PC_OMITTED, leaves) : 0;
	bool room = path || !cut;
	while (room && count--) {
		path = rt_trie_child_slow(&rt_contexts, path, inner->keys[count], leaves);
		room = path != 0;
	}
	return room ? rt_trie_child_slow(&rt_contexts, path, key, leaves) : 0;
}

static RT_COLD rt_ctx_t child_of_few(rt_ctx_t parent, uint64_t key)
{
	struct inner inner = inner_of(parent);
	rt_ctx_t child = 0;
	for (uint32_t i = 0; i < CUTS && !child; i++) {
		uint32_t above = cuts[i].frames - !(key & RT_LEAF_KEY);
		child = child_of_inner(&inner, above, key, rt_contexts.room >> cuts[i].left_log);
	}
	rt_count(RT_COUNTER_SHORT_CONTEXT);
	return child;
}

rt_ctx_t rt_context_child(rt_ctx_t parent, uint64_t key)
{
	rt_ctx_t child = rt_trie_child(&rt_contexts, parent, key);
	return RT_LIKELY(child) ? child : child_of_few(parent, key);
}

void rt_context_set_walker(struct rt_walker by)
{
	walker = by;
}

uintptr_t rt_context_cfa(struct rt_thread *self, const struct rt_site *site, uintptr_t address)
{
	return walker.cfa ? walker.cfa(self, site, address) : 0;
}

/* What called the function; 0: that is not known by itself. */
static rt_ctx_t walk(struct rt_thread *self, struct rt_site *site)
{
	struct rt_caller caller = {0};
	walker.walk(self, site, &caller);
	const struct rt_trie_node *node = &rt_contexts.nodes[site->callers];
	rt_ctx_t path = node->key == site->pc ? node->parent : 0;
	if (path)
		rt_activation_keep(self, site, path, caller);
	return path;
}

/* What called it, of a function whose frame is known. */
static rt_ctx_t recall(struct rt_thread *self, const struct rt_site *site)
{
	return site->cfa ? rt_activation_recall(self, site->cfa, site->armed, rt_activation_return(site->cfa))
			 : 0;
}

rt_ctx_t rt_context_path(struct rt_thread *self, struct rt_site *site)
{
	if (site->callers || !site->sp || !walker.walk)
		return 0;
	rt_ctx_t path = recall(self, site);
	return path ? path : walk(self, site);
}

void rt_context_cut(struct rt_site *site)
{
	site->callers = rt_context_child(0, site->pc);
}

rt_ctx_t rt_context_callers(struct rt_thread *self, struct rt_site *site)
{
	rt_ctx_t known;
	if (site->callers || !site->pc)
		return site->callers;
	if (!site->sp)
		site->callers = rt_frames_context(site->pc);
	else if ((known = rt_activation_find(self, site)) || (known = recall(self, site)))
		site->callers = rt_context_child(known, site->pc);
	else if (walker.walk)
		walk(self, site);
	return site->callers;
}

rt_ctx_t rt_context_leaf(
	rt_ctx_t callers, uint32_t function, enum rt_access_kind kind, enum rt_class class, uint32_t lockset)
{
	uint64_t key = RT_LEAF_KEY | (kind == RT_FREE ? RT_TRIE_HIGH : 0) | ((uint64_t)function << 48) |
		       ((uint64_t)kind << 40) | ((uint64_t) class << 32);
	rt_ctx_t context = rt_context_child(callers, key | lockset);
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
	child = rt_context_child(path, key.place & (RT_PLACE_CALL - 1));
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
