#include "trie.h"

#include "arena.h"

/* Most nodes have few children. Those are a list: they mostly lie near their parent, and what walks a program's recursion in the
 * order in which it was first seen goes through the nodes as they lie in memory, where a hash would lead all over it. The
 * children beyond the first few are found by hash.
 *
 * The heads of hash chains come in levels, each sixteen times the one before; a node goes into the level that fits the
 * number of nodes when it is made, and is looked for from the present level down. So a small process, and every fork of
 * it, touches four pages of heads, not as many as it has nodes. Sizes: 2^12, 2^16, 2^20, 2^24. */
enum { FEW_CHILDREN = 8, FIRST_LEVEL_LOG = 12, LEVEL_STEP_LOG = 4, CHAIN_LENGTH = 2 };

/* How many look-ups are remembered at each level. A large process would forget nearly all of them in a small table, and search for
 * each; a large table would be touched all over by a small process. */
static const uint32_t recent_of_level[RT_TRIE_LEVELS] = {1 << 15, 1 << 15, 1 << 18, 1 << 20};
enum { FIRST_LARGE = 2 /* level */ };

/* Numbers that are never given: as many threads may take one at the same moment without looking again. */
enum { SPARE = 1 << 10 };

static uint32_t heads_of_level(uint32_t level)
{
	return 1u << (FIRST_LEVEL_LOG + level * LEVEL_STEP_LOG);
}

/* Where a hash's chain starts, in a level. */
static uint32_t *head_of(const struct rt_trie *trie, uint32_t level, uint64_t hash)
{
	return &trie->heads[level][hash & (heads_of_level(level) - 1)];
}

static uint32_t present_level(const struct rt_trie *trie)
{
	uint32_t level = 0, used = __atomic_load_n(&trie->used, __ATOMIC_RELAXED);
	while (level + 1 < trie->levels && used > CHAIN_LENGTH * heads_of_level(level))
		level++;
	return level;
}

static struct rt_trie_recent *recent_of(const struct rt_trie *trie, uint32_t level, uint64_t hash)
{
	return &trie->recent[level][hash >> 40 & (recent_of_level[level] - 1)];
}

/* Up to the last level that there is room for. */
static bool reserve_recent(struct rt_trie *trie, void *(*reserve)(size_t, size_t, size_t *))
{
	for (uint32_t level = 0; level < trie->levels; level++) {
		bool is_large = level >= FIRST_LARGE;
		size_t most = recent_of_level[is_large ? trie->levels - 1 : 0] *
			      sizeof(struct rt_trie_recent),
		       bytes;
		trie->recent[level] = level && level != FIRST_LARGE
					      ? trie->recent[level - 1]
					      : (is_large ? rt_reserve : reserve)(most, most, &bytes);
		if (!trie->recent[level])
			return false;
	}
	return true;
}

bool rt_trie_init(struct rt_trie *trie, uint32_t most, bool hot)
{
	const size_t nodes_bytes = (size_t)most * sizeof(struct rt_trie_node);
	void *(*reserve)(size_t most_bytes, size_t least_bytes, size_t * bytes) =
		hot ? rt_reserve_hot : rt_reserve;
	size_t bytes;
	trie->nodes = reserve(nodes_bytes, 1 << 16, &bytes);
	if (!trie->nodes)
		return false;
	trie->room = (uint32_t)(bytes / sizeof(struct rt_trie_node));
	trie->used = 1;
	trie->top = trie->room;
	for (size_t heads = 0; trie->levels < RT_TRIE_LEVELS && heads < trie->room; trie->levels++) {
		size_t level_bytes = heads_of_level(trie->levels) * sizeof(uint32_t);
		trie->heads[trie->levels] =
			(trie->levels ? rt_reserve : reserve)(level_bytes, level_bytes, &bytes);
		if (!trie->heads[trie->levels])
			return false;
		heads += heads_of_level(trie->levels);
	}
	return reserve_recent(trie, reserve);
}

/* The node in the chain from `first` up to `end`, which is not looked at; 0: none. */
static uint32_t find(const struct rt_trie *trie, uint32_t first, uint32_t end, uint32_t parent, uint64_t key)
{
	for (uint32_t id = first; id != end; id = trie->nodes[id].next)
		if (trie->nodes[id].key == key && trie->nodes[id].parent == parent)
			return id;
	return 0;
}

/* A number for a new node; 0: there is no room. */
static uint32_t take_number(struct rt_trie *trie, bool high, uint32_t leaves)
{
	uint32_t used = __atomic_load_n(&trie->used, __ATOMIC_RELAXED),
		 top = __atomic_load_n(&trie->top, __ATOMIC_RELAXED);
	if (top - used < SPARE + leaves)
		return 0;
	return high ? __atomic_sub_fetch(&trie->top, 1, __ATOMIC_RELAXED)
		    : __atomic_fetch_add(&trie->used, 1, __ATOMIC_RELAXED);
}

static uint32_t take_node(struct rt_trie *trie, uint32_t parent, uint64_t key, uint32_t leaves)
{
	uint32_t fresh = take_number(trie, key & RT_TRIE_HIGH, leaves);
	if (fresh) {
		trie->nodes[fresh].key = key;
		trie->nodes[fresh].parent = parent;
	}
	return fresh;
}

/* The child where there are few. False: there are many; *child is 0: there is no room for it. A node that was taken for nothing in a
 * lost race stays unused: that is rare. */
static bool find_or_add_few(
	struct rt_trie *trie, uint32_t parent, uint64_t key, uint32_t leaves, uint32_t *child)
{
	uint32_t *list = &trie->nodes[parent].children, fresh = 0;
	uint32_t first = __atomic_load_n(list, __ATOMIC_ACQUIRE);
	while (!(first & RT_TRIE_CROWDED)) {
		uint32_t count = 1;
		for (*child = first; *child && trie->nodes[*child].key != key; count++)
			*child = trie->nodes[*child].next;
		if (*child || (!fresh && !(fresh = take_node(trie, parent, key, leaves))))
			return true;
		trie->nodes[fresh].next = first;
		if (__atomic_compare_exchange_n(list, &first,
			    fresh | (count == FEW_CHILDREN ? RT_TRIE_CROWDED : 0), false, __ATOMIC_ACQ_REL,
			    __ATOMIC_ACQUIRE)) {
			*child = fresh;
			return true;
		}
	}
	return false;
}

/* The same among the others. Two threads that add the same node while a level changes may both succeed, which is rare and costs a
 * node, too. */
static uint32_t find_or_add(
	struct rt_trie *trie, uint32_t level, uint32_t parent, uint64_t key, uint64_t hash, uint32_t leaves)
{
	uint32_t fresh = 0, seen = 0;
	uint32_t *head = head_of(trie, level, hash);
	uint32_t first = __atomic_load_n(head, __ATOMIC_ACQUIRE), found = find(trie, first, 0, parent, key);
	for (uint32_t below = level; below-- > 0 && !found;)
		found = find(
			trie, __atomic_load_n(head_of(trie, below, hash), __ATOMIC_ACQUIRE), 0, parent, key);
	while (!found) {
		if (!fresh && !(fresh = take_node(trie, parent, key, leaves)))
			return 0;
		trie->nodes[fresh].next = first;
		seen = first;
		if (__atomic_compare_exchange_n(
			    head, &first, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			found = fresh;
		else
			found = find(trie, first, seen, parent, key);
	}
	return found;
}

static uint32_t find_or_add_of_many(struct rt_trie *trie, uint32_t parent, uint64_t key, uint32_t leaves)
{
	uint64_t hash = rt_hash64(key ^ ((uint64_t)parent << 40));
	uint32_t level = present_level(trie),
		 first = __atomic_load_n(&trie->nodes[parent].children, __ATOMIC_ACQUIRE) & ~RT_TRIE_CROWDED;
	struct rt_trie_recent *recent = recent_of(trie, level, hash);
	uint64_t answer = __atomic_load_n(&recent->answer, __ATOMIC_RELAXED);
	if ((__atomic_load_n(&recent->check, __ATOMIC_RELAXED) ^ answer) == key && answer >> 32 == parent)
		return (uint32_t)answer;
	uint32_t child = find(trie, first, 0, parent, key);
	if (!child)
		child = find_or_add(trie, level, parent, key, hash, leaves);
	if (child) {
		answer = ((uint64_t)parent << 32) | child;
		__atomic_store_n(&recent->answer, answer, __ATOMIC_RELAXED);
		__atomic_store_n(&recent->check, key ^ answer, __ATOMIC_RELAXED);
	}
	return child;
}

uint32_t rt_trie_child_slow(struct rt_trie *trie, uint32_t parent, uint64_t key, uint32_t leaves)
{
	uint32_t child;
	return find_or_add_few(trie, parent, key, leaves, &child)
		       ? child
		       : find_or_add_of_many(trie, parent, key, leaves);
}
