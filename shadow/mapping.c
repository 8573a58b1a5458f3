/* The history of mappings in the session: one is told of when something is accessed by it. */
#include "object.h"

#include "arena.h"
#include "fault.h"
#include "published.h"
#include "thread.h"

enum { TOLD_LOG = 14 };

/* Of this process: numbers of mappings that were told lately, by what they are. */
static uint32_t *told;

struct rt_session_mapping *rt_session_mapping(uint32_t mapping)
{
	if (!mapping || mapping > RT_SESSION_MAPPINGS)
		return NULL;
	rt_fault_prevent(&rt_session.tables->mappings[mapping - 1], sizeof(struct rt_session_mapping));
	return &rt_session.tables->mappings[mapping - 1];
}

static void describe(struct rt_session_mapping *mapping, const struct rt_shared_range *range)
{
	*mapping = (struct rt_session_mapping){.object = range->object,
		.thread = range->thread,
		.mapped = rt_published_stack(range->mapped, 0),
		.writable = range->writable,
		.low = range->low,
		.bytes = range->high - range->low,
		.offset = range->offset};
}

/* NULL: there is no room. One that nobody `used` is in no history. */
static struct rt_session_mapping *add(const struct rt_session_mapping *what, bool used)
{
	uint32_t *given = &rt_session.tables->header.mappings;
	uint32_t index = rt_session_take(given, RT_SESSION_MAPPINGS, 1);
	if (index == RT_SESSION_MAPPINGS)
		return NULL;
	struct rt_session_mapping *mapping = rt_session_mapping(index + 1);
	*mapping = *what;
	if (!used)
		return mapping;
	mapping->pid = rt_session_process(rt_session.process)->pid;
	rt_session_keep();
	__atomic_store_n(&mapping->process, rt_session.process + 1, __ATOMIC_RELEASE);
	return mapping;
}

static uint32_t number_of(const struct rt_session_mapping *mapping)
{
	return mapping ? (uint32_t)(mapping - rt_session.tables->mappings) + 1 : 0;
}

static bool is_same(const struct rt_session_mapping *a, const struct rt_session_mapping *b)
{
	return a->object == b->object && a->thread == b->thread && a->mapped == b->mapped &&
	       a->writable == b->writable && a->low == b->low && a->bytes == b->bytes &&
	       a->offset == b->offset;
}

static uint32_t *place_of(const struct rt_session_mapping *what)
{
	size_t bytes = sizeof(*told) << TOLD_LOG;
	if (!told)
		told = rt_reserve_hot(bytes, bytes, &bytes);
	uint64_t hash = rt_hash64(rt_hash64(what->low ^ what->object) + what->offset);
	return told ? &told[hash >> (64 - TOLD_LOG)] : NULL;
}

/* The same mapping as one that is gone is that one again: programs map and unmap in loops. Not beside other threads, whose
 * accesses by the one before might have no order with the end of this one. */
static uint32_t tell(const struct rt_shared_range *range)
{
	struct rt_session_mapping what;
	describe(&what, range);
	uint32_t *place = rt_watching & RT_WATCH_THREADS ? NULL : place_of(&what);
	struct rt_session_mapping *there = place ? rt_session_mapping(*place) : NULL;
	if (there && there->gone && there->process == rt_session.process + 1 && is_same(there, &what)) {
		there->gone = false;
		there->unmapped = 0;
		return number_of(there);
	}
	uint32_t number = number_of(add(&what, true));
	if (place)
		*place = number;
	return number;
}

uint32_t rt_shared_mapping(const struct rt_shared_range *range)
{
	if (RT_LIKELY(range->mapping))
		return range->published;
	uint32_t mapping = tell(range);
	if (mapping)
		rt_shared_set_mapping(range->low, mapping, true);
	return range->published ? range->published : mapping;
}

void rt_shared_publish_mapping(const struct rt_shared_range *range)
{
	struct rt_session_mapping what;
	if (range->published)
		return;
	describe(&what, range);
	rt_shared_set_mapping(range->low, number_of(add(&what, false)), false);
}

/* The history of what goes: all of a mapping, or a hole in it. */
void rt_shared_tell_gone(const struct rt_shared_range *range, uintptr_t low, uintptr_t high, uint32_t stack)
{
	struct rt_session_mapping *mapping = rt_session_mapping(range->mapping);
	if (!mapping)
		return;
	if (low > range->low || high < range->high) {
		struct rt_session_mapping what;
		struct rt_shared_range hole = *range;
		hole.low = low > range->low ? low : range->low;
		hole.high = high < range->high ? high : range->high;
		hole.offset += hole.low - range->low;
		describe(&what, &hole);
		mapping = add(&what, true);
	}
	if (!mapping)
		return;
	mapping->unmapped = stack;
	mapping->gone = true;
}
