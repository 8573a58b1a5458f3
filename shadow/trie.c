#include "trie.h"

#include "arena.h"

bool rt_trie_init(struct rt_trie *trie, uint32_t most)
{
	size_t bytes;
	trie->nodes = rt_reserve((size_t)most * sizeof(struct rt_trie_node), 1 << 16, &bytes);
	if (!trie->nodes)
		return false;
	trie->room = (uint32_t)(bytes / sizeof(struct rt_trie_node));
	trie->buckets = rt_reserve((size_t)most / 4 * sizeof(uint32_t), 1 << 14, &bytes);
	if (!trie->buckets)
		return false;
	trie->bucket_mask = (uint32_t)(bytes / sizeof(uint32_t)) - 1;
	trie->used = 1;
	size_t recent_bytes = RT_TRIE_RECENT * sizeof(struct rt_trie_recent);
	trie->recent = rt_reserve(recent_bytes, recent_bytes, &bytes);
	return trie->recent;
}

static uint32_t find_or_add(struct rt_trie *trie, uint32_t parent, uint64_t key, uint64_t hash)
{
	struct rt_trie_node *nodes = trie->nodes;
	uint32_t *bucket = &trie->buckets[hash & trie->bucket_mask];
	uint32_t first = __atomic_load_n(bucket, __ATOMIC_ACQUIRE), seen = 0, fresh = 0;
	for (;;) {
		for (uint32_t id = first; id != seen; id = nodes[id].chain)
			if (nodes[id].key == key && nodes[id].parent == parent) {
				/* A node taken for nothing in a lost race stays unused: rare, and ids are never reused. */
				__atomic_store_n(&nodes[parent].hint, id, __ATOMIC_RELEASE);
				return id;
			}
		if (!fresh) {
			if (__atomic_load_n(&trie->used, __ATOMIC_RELAXED) >= trie->room)
				return 0;
			fresh = __atomic_fetch_add(&trie->used, 1, __ATOMIC_RELAXED);
			if (fresh >= trie->room) {
				__atomic_fetch_sub(&trie->used, 1, __ATOMIC_RELAXED);
				return 0;
			}
			nodes[fresh].key = key;
			nodes[fresh].parent = parent;
		}
		nodes[fresh].chain = first;
		seen = first;
		if (__atomic_compare_exchange_n(
			    bucket, &first, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			__atomic_store_n(&nodes[parent].hint, fresh, __ATOMIC_RELEASE);
			return fresh;
		}
	}
}

uint32_t rt_trie_child_slow(struct rt_trie *trie, uint32_t parent, uint64_t key)
{
	uint64_t hash = rt_hash64(key ^ ((uint64_t)parent << 40));
	struct rt_trie_recent *recent = &trie->recent[(hash >> 40) & (RT_TRIE_RECENT - 1)];
	uint64_t answer = __atomic_load_n(&recent->answer, __ATOMIC_RELAXED);
	if ((__atomic_load_n(&recent->check, __ATOMIC_RELAXED) ^ answer) == key && answer >> 32 == parent)
		return (uint32_t)answer;
	uint32_t child = find_or_add(trie, parent, key, hash);
	if (child) {
		answer = ((uint64_t)parent << 32) | child;
		__atomic_store_n(&recent->answer, answer, __ATOMIC_RELAXED);
		__atomic_store_n(&recent->check, key ^ answer, __ATOMIC_RELAXED);
	}
	return child;
}
