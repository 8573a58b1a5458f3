/* Calling contexts: interned stacks, and interned sets of held locks.
 *
 * A context that an access carries is a leaf: the caller's path in the trie, then one key that says which wrapped
 * function it was, what it did, to what class of memory, holding which locks. So a 24-bit number in a shadow cell is
 * enough to print the whole side of a race, however long ago it was.
 *
 *   frame key   63 0 | 62..48 0 | 47..0 return address, or RT_PC_OMITTED / RT_PC_EXACT
 *   leaf key    63 1 | 62 RT_TRIE_HIGH: a free | 61..60 0 | 59..48 function | 47..40 kind | 39..32 class | 31..0 lock set
 *   lock key    63..1 sync object's id | 0 shared
 *
 * Who may include it: shadow/. Any thread, no locks. */
#ifndef RACETRACK_SHADOW_CONTEXT_H
#define RACETRACK_SHADOW_CONTEXT_H

#include "engine.h"
#include "trie.h"

struct rt_caller;

/* A cell has room for 24 bits: contexts, from RT_CONTEXT_MOST on patterns (pattern.h), and from RT_FILTER_CONTEXTS on what stands
 * in filters (overflow.h). */
enum {
	RT_CONTEXT_BITS = 24,
	RT_CELL_CONTEXTS = 1 << RT_CONTEXT_BITS,
	RT_FILTER_CONTEXTS = RT_CELL_CONTEXTS - (1 << 8),
	RT_CONTEXT_MOST = RT_CELL_CONTEXTS - (1 << 21)
};

extern RT_HIDDEN struct rt_trie rt_contexts;
extern RT_HIDDEN struct rt_trie rt_locksets;

RT_HIDDEN bool rt_context_init(void);

/* The path, and then this frame or leaf; where there is hardly room for it only its innermost frames, which is counted. 0: there is
 * no room at all. */
RT_HIDDEN rt_ctx_t rt_context_child(rt_ctx_t parent, uint64_t key);

#define RT_LEAF_KEY (1ull << 63)

static inline bool rt_context_is_leaf(rt_ctx_t context)
{
	return rt_contexts.nodes[context].key & RT_LEAF_KEY;
}

static inline enum rt_access_kind rt_context_kind(rt_ctx_t context)
{
	return (enum rt_access_kind)((rt_contexts.nodes[context].key >> 40) & 0xff);
}

/* Of the leaf in a cell, without a look at it. */
static inline bool rt_context_is_free(rt_ctx_t context)
{
	return context >= __atomic_load_n(&rt_contexts.top, __ATOMIC_RELAXED) && context < RT_CONTEXT_MOST;
}

static inline enum rt_class rt_context_class(rt_ctx_t context)
{
	return (enum rt_class)((rt_contexts.nodes[context].key >> 32) & 0xff);
}

static inline uint32_t rt_context_lockset(rt_ctx_t context)
{
	return rt_context_is_leaf(context) ? (uint32_t)rt_contexts.nodes[context].key : 0;
}

RT_HIDDEN rt_ctx_t rt_context_leaf(
	rt_ctx_t callers, uint32_t function, enum rt_access_kind kind, enum rt_class class, uint32_t lockset);

/* The same number for all contexts that print the same stack, whatever was locked. */
static inline uint64_t rt_context_stack_key(rt_ctx_t context)
{
	const struct rt_trie_node *node = &rt_contexts.nodes[context];
	return node->key & RT_LEAF_KEY ? ((uint64_t)node->parent << 16) | ((node->key >> 48) & 0xfff)
				       : (uint64_t)context << 16;
}

/* The leaf of an access at the site. */
RT_HIDDEN rt_ctx_t rt_site_leaf(
	struct rt_thread *self, struct rt_site *site, enum rt_access_kind kind, enum rt_class class);

/* Calls put(argument, pc) for each frame, innermost first; returns how many. */
RT_HIDDEN uint32_t rt_context_frames(
	rt_ctx_t context, void (*put)(void *argument, uint64_t pc), void *argument);

/* Whoever knows how to unwind. Set once. */
struct rt_walker {
	/* For rt_site_context: fills site->callers, and *caller. */
	void (*walk)(struct rt_thread *self, struct rt_site *site, struct rt_caller *caller);
	/* For rt_context_cfa. */
	uintptr_t (*cfa)(struct rt_thread *self, const struct rt_site *site, uintptr_t address);
};
RT_HIDDEN void rt_context_set_walker(struct rt_walker by);
/* The CFA of the site's frame, or of one of its callers', that the address of the thread's own stack lies in; 0: it is not known. */
RT_HIDDEN uintptr_t rt_context_cfa(struct rt_thread *self, const struct rt_site *site, uintptr_t address);
/* What called the site's function, walking the stack the first time; 0: that is not known by itself, ask rt_context_callers. pre:
 * rt_activation_find finds nothing. */
RT_HIDDEN rt_ctx_t rt_context_path(struct rt_thread *self, struct rt_site *site);
/* From now on the stack of the site is this place alone. */
RT_HIDDEN void rt_context_cut(struct rt_site *site);
/* site->callers, walking the stack the first time. */
RT_HIDDEN rt_ctx_t rt_context_callers(struct rt_thread *self, struct rt_site *site);

#endif
