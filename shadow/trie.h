/* A trie of interned sequences: a node is (parent, key), an id stands for the whole path from the root.
 *
 * Who may include it: shadow/. Used for calling contexts (keys are return addresses) and for sets of held locks.
 * Any thread, no locks: nodes are only ever added. Id 0 is the root, the empty sequence. Ids of keys with RT_TRIE_HIGH are
 * given from the high end down, trie->top and above: the number alone tells them apart. */
#ifndef RACETRACK_SHADOW_TRIE_H
#define RACETRACK_SHADOW_TRIE_H

#include "base.h"

struct rt_trie_node {
	uint64_t key;
	uint32_t parent;
	uint32_t next; /* in the list of its parent's first children, or in its hash bucket */
	uint32_t
		children; /* the newest of the first ones, or 0; RT_TRIE_CROWDED: there may be more, by their hash */
	uint32_t mark; /* free for the owner of the trie */
};
_Static_assert(sizeof(struct rt_trie_node) == 24, "a node is three words");

/* Two words that vouch for each other: a torn entry answers for no key. */
struct rt_trie_recent {
	uint64_t check;  /* key ^ answer */
	uint64_t answer; /* parent << 32 | child */
};
enum { RT_TRIE_LEVELS = 4 };

struct rt_trie {
	struct rt_trie_node *nodes;
	uint32_t *heads[RT_TRIE_LEVELS]; /* of hash chains: see trie.c */
	uint32_t room;                   /* nodes that fit */
	uint32_t levels;                 /* that there is room for */
	uint32_t used;                   /* nodes from the low end, the root included */
	uint32_t top;                    /* those at the high end start here */
	uint32_t kept;                   /* nodes that rt_trie_child does not give */
	/* Look-ups of children by their hash, by level: the lower ones share a table, and the upper ones. */
	struct rt_trie_recent *recent[RT_TRIE_LEVELS];
};

#define RT_TRIE_HIGH    (1ull << 62)
#define RT_TRIE_CROWDED (1u << 31)

/* Room for at most `most` nodes, fewer where memory is limited. `hot`: every process makes some. False: none at all. */
RT_HIDDEN bool rt_trie_init(struct rt_trie *trie, uint32_t most, bool hot);

/* The node for `key` below `parent`, made if that leaves so many nodes; 0: it does not. */
RT_HIDDEN uint32_t rt_trie_child_slow(struct rt_trie *trie, uint32_t parent, uint64_t key, uint32_t leaves);

/* The same; what it leaves is kept for those who ask with less. */
static inline uint32_t rt_trie_child(struct rt_trie *trie, uint32_t parent, uint64_t key)
{
	uint32_t newest = __atomic_load_n(&trie->nodes[parent].children, __ATOMIC_ACQUIRE) & ~RT_TRIE_CROWDED;
	if (newest && trie->nodes[newest].key == key)
		return newest;
	return rt_trie_child_slow(trie, parent, key, trie->kept);
}

#endif
