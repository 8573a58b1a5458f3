#include "pattern.h"

#include "cell.h"

/* How many joins a thread remembers: as it needs them. */
enum { FIRST_JOINS = 1 << 8, JOINS_STEP = 4, JOINS_MOST = 1 << 14 };

enum { MASK_SHIFT = RT_CONTEXT_BITS, PATTERNS_MOST = RT_FILTER_CONTEXTS - RT_CONTEXT_MOST - 1 };

/* A node's key is its last part: mask, context. */
static struct rt_trie patterns;

void rt_pattern_init(void)
{
	if (!rt_trie_init(&patterns, PATTERNS_MOST, false))
		patterns.nodes = NULL;
}

static bool is_pattern(rt_cell_t cell)
{
	return rt_cell_context(cell) >= RT_CONTEXT_MOST;
}

static rt_cell_t with(rt_cell_t cell, rt_ctx_t context, uint8_t mask)
{
	const rt_cell_t others = ((rt_cell_t)(RT_CELL_CONTEXTS - 1) << RT_CELL_CONTEXT_SHIFT) | 0xff;
	return (cell & ~others) | ((rt_cell_t)context << RT_CELL_CONTEXT_SHIFT) | mask;
}

unsigned rt_pattern_parts(rt_cell_t cell, rt_cell_t parts[RT_PATTERN_PARTS])
{
	unsigned count = 0;
	if (RT_LIKELY(!is_pattern(cell))) {
		parts[0] = cell;
		return 1;
	}
	for (uint32_t node = rt_cell_context(cell) - RT_CONTEXT_MOST; node;
		node = patterns.nodes[node].parent) {
		uint64_t key = patterns.nodes[node].key;
		uint8_t mask = (uint8_t)(key >> MASK_SHIFT) & rt_cell_mask(cell);
		if (mask)
			parts[count++] = with(cell, (rt_ctx_t)key & (RT_CELL_CONTEXTS - 1), mask);
	}
	return count;
}

/* The parts become those of a pattern. 0: no memory. */
static rt_cell_t intern(rt_cell_t *parts, unsigned count)
{
	uint32_t node = 0;
	uint8_t mask = 0;
	for (unsigned i = 1; i < count; i++) /* by their bytes: few are not in order */
		for (unsigned at = i; at && rt_cell_mask(parts[at]) < rt_cell_mask(parts[at - 1]); at--) {
			rt_cell_t part = parts[at];
			parts[at] = parts[at - 1];
			parts[at - 1] = part;
		}
	for (unsigned i = 0; i < count; i++) {
		uint64_t key = ((uint64_t)rt_cell_mask(parts[i]) << MASK_SHIFT) | rt_cell_context(parts[i]);
		node = rt_trie_child(&patterns, node, key);
		if (!node)
			return 0;
		mask |= rt_cell_mask(parts[i]);
	}
	return with(parts[0], RT_CONTEXT_MOST + node, mask);
}

static rt_cell_t join(rt_cell_t old, rt_cell_t fresh)
{
	rt_cell_t parts[RT_PATTERN_PARTS + 1];
	unsigned count = rt_pattern_parts(old, parts), others = 0;
	for (unsigned i = 0; i < count; i++)
		if (rt_cell_context(parts[i]) == rt_cell_context(fresh))
			fresh |= parts[i] & 0xff;
		else
			parts[others++] = parts[i];
	parts[others++] = fresh;
	return others == 1 ? fresh : intern(parts, others);
}

void rt_known_joins_fini(struct rt_thread *thread)
{
	rt_free(thread->known_joins, thread->known_join_count * sizeof(*thread->known_joins));
	thread->known_joins = NULL;
	thread->known_join_count = 0;
}

/* When as many look-ups as it has entries found nothing: more of them, and all empty. */
static void grow_joins(struct rt_thread *self)
{
	uint32_t count = self->known_joins ? JOINS_STEP * self->known_join_count : FIRST_JOINS;
	if (count > JOINS_MOST || self->unknown_joins++ < count)
		return;
	struct rt_known_join *joins = rt_alloc(count * sizeof(*joins));
	if (!joins)
		return;
	rt_known_joins_fini(self);
	self->known_joins = joins;
	self->known_join_count = count;
	self->unknown_joins = 0;
}

/* A cell's context and mask: what of it a join depends on, and changes. */
static uint32_t what_of(rt_cell_t cell)
{
	return rt_cell_context(cell) << 8 | rt_cell_mask(cell);
}

static struct rt_known_join *known_join(const struct rt_thread *self, uint64_t both)
{
	uint64_t hash = both * 0x9e3779b97f4a7c15ull;
	return &self->known_joins[hash >> 32 & (self->known_join_count - 1)];
}

static __attribute__((noinline)) rt_cell_t join_unknown(
	struct rt_thread *self, rt_cell_t old, rt_cell_t fresh, uint64_t both)
{
	rt_cell_t joined = join(old, fresh);
	grow_joins(self);
	if (joined && self->known_joins)
		*known_join(self, both) = (struct rt_known_join){both, what_of(joined)};
	return joined;
}

rt_cell_t rt_pattern_join(rt_cell_t old, rt_cell_t fresh)
{
	struct rt_thread *self = rt_self;
	if (is_pattern(fresh) || !patterns.nodes)
		return 0;
	old &= ~(fresh & 0xff);
	if (!rt_cell_mask(old))
		return fresh;
	uint64_t both = (uint64_t)what_of(old) << 32 | what_of(fresh);
	const struct rt_known_join *known = self->known_joins ? known_join(self, both) : NULL;
	if (RT_LIKELY(known && known->both == both))
		return with(fresh, known->joined >> 8, (uint8_t)known->joined);
	return join_unknown(self, old, fresh, both);
}

rt_cell_t rt_pattern_join_all(rt_cell_t old, rt_cell_t fresh)
{
	rt_cell_t parts[RT_PATTERN_PARTS], joined = old;
	unsigned count = rt_pattern_parts(fresh, parts);
	for (unsigned i = 0; i < count && joined; i++)
		joined = rt_pattern_join(joined, parts[i]);
	return joined;
}
