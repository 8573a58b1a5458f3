#include "object.h"

#include "arena.h"
#include "counters.h"
#include "fault.h"
#include "published.h"
#include "sync.h"
#include "thread.h"

enum {
	RANGES_MOST = 1 << 16,
	EXTENT_TRIES = 64,
	EXTENT_OBJECT_SHIFT = 40,
};
#define EXTENT_CHUNKS (1ull << EXTENT_OBJECT_SHIFT)

uint32_t rt_shared_count;

static struct {
	struct rt_guard guard;
	struct rt_shared_range *items; /* ascending, disjoint */
} ranges;

/* ---- objects and extents ---- */

static uint64_t key_of(const struct rt_object *object)
{
	uint64_t serial = 0;
	if (!object->device && !object->inode && !object->born)
		serial = __atomic_add_fetch(&rt_session.tables->header.anonymous, 1, __ATOMIC_RELAXED);
	uint64_t hash = rt_hash64(object->kind + serial * 8);
	hash = rt_hash64(hash ^ object->device);
	hash = rt_hash64(hash ^ object->inode);
	return rt_hash64(hash ^ object->born) | 1;
}

/* RT_SESSION_OBJECTS: there is no room. */
static uint32_t find_object(const struct rt_object *what)
{
	struct rt_session_object *objects = rt_session.tables->objects;
	uint32_t index = rt_session_place(objects, RT_SESSION_OBJECTS, sizeof(*objects), key_of(what), true);
	if (index == RT_SESSION_OBJECTS)
		return index;
	struct rt_session_object *object = &objects[index];
	if (!object->kind) { /* of two that come first each writes the same */
		object->device = what->device;
		object->inode = what->inode;
		rt_string_copy(object->name, sizeof(object->name), what->name);
		__atomic_store_n(&object->kind, what->kind, __ATOMIC_RELEASE);
	}
	return index;
}

/* The place in the session of a part of an object; neighbours are neighbours there as long as there is room.
 * RT_SESSION_EXTENTS: there is none left. */
static uint32_t find_extent(uint32_t object, uint64_t chunk)
{
	uint64_t *extents = rt_session.tables->extents,
		 key = (uint64_t)(object + 1) << EXTENT_OBJECT_SHIFT | chunk;
	uint64_t first = rt_hash64(object) + chunk;
	for (uint32_t i = 0; i < EXTENT_TRIES && chunk < EXTENT_CHUNKS; i++) {
		uint32_t index = (uint32_t)((first + (uint64_t)i * i * EXTENT_TRIES) % RT_SESSION_EXTENTS);
		uint64_t there = 0;
		rt_fault_prevent(&extents[index], sizeof(*extents));
		if (__atomic_compare_exchange_n(
			    &extents[index], &there, key, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
			there == key)
			return index;
	}
	return RT_SESSION_EXTENTS;
}

/* ---- ranges ---- */

/* The first range that ends after the address. */
static uint32_t first_after(uintptr_t address)
{
	uint32_t low = 0, high = __atomic_load_n(&rt_shared_count, __ATOMIC_RELAXED);
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (ranges.items[middle].high <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool rt_shared_find(uintptr_t address, struct rt_shared_range *range)
{
	for (;;) {
		uint32_t changes;
		if (!rt_guard_look(&ranges.guard, &changes))
			continue;
		uint32_t at = first_after(address);
		bool found = at < rt_shared_count && ranges.items[at].low <= address;
		if (found)
			*range = ranges.items[at];
		if (rt_guard_is_unchanged(&ranges.guard, changes))
			return found;
	}
}

uint64_t rt_shared_key(uintptr_t address)
{
	struct rt_shared_range range;
	if (!rt_shared_find(address, &range))
		return address;
	return RT_SYNC_KEY_HIGH | RT_SYNC_KEY_SESSION | RT_SYNC_KEY_MEMORY |
	       (range.place + (address - range.low));
}

/* Guard held. */
static void remove_at(uint32_t index)
{
	for (uint32_t i = index; i + 1 < rt_shared_count; i++)
		ranges.items[i] = ranges.items[i + 1];
	rt_shared_count--;
}

static bool insert(const struct rt_shared_range *range)
{
	if (rt_shared_count == RANGES_MOST)
		return false;
	uint32_t at = first_after(range->low);
	for (uint32_t i = rt_shared_count; i > at; i--)
		ranges.items[i] = ranges.items[i - 1];
	ranges.items[at] = *range;
	rt_shared_count++;
	return true;
}

/* What is left of a range when [low, high) goes; guard held. */
static void cut(uint32_t index, uintptr_t low, uintptr_t high)
{
	struct rt_shared_range *range = &ranges.items[index], rest = *range;
	bool before = range->low < low, after = high < range->high;
	rest.place += high - rest.low;
	rest.offset += high - rest.low;
	rest.low = high;
	if (before)
		range->high = low;
	else if (after)
		*range = rest;
	else
		remove_at(index);
	if (before && after)
		insert(&rest);
}

/* ---- mappings of the session ---- */

struct rt_session_mapping *rt_session_mapping(uint32_t mapping)
{
	if (!mapping || mapping > RT_SESSION_MAPPINGS)
		return NULL;
	rt_fault_prevent(&rt_session.tables->mappings[mapping - 1], sizeof(struct rt_session_mapping));
	return &rt_session.tables->mappings[mapping - 1];
}

static uint32_t tell_mapping(const struct rt_shared_range *range)
{
	uint32_t *given = &rt_session.tables->header.mappings;
	uint32_t index = rt_session_take(given, RT_SESSION_MAPPINGS, 1);
	if (index == RT_SESSION_MAPPINGS)
		return 0;
	struct rt_session_mapping *mapping = rt_session_mapping(index + 1);
	mapping->object = range->object;
	mapping->thread = range->thread;
	mapping->mapped = rt_published_stack(range->mapped, 0);
	mapping->unmapped = 0;
	mapping->writable = range->writable;
	mapping->gone = false;
	mapping->low = range->low;
	mapping->bytes = range->high - range->low;
	mapping->offset = range->offset;
	rt_session_keep(rt_session.process);
	__atomic_store_n(&mapping->process, rt_session.process + 1, __ATOMIC_RELEASE);
	return index + 1;
}

uint32_t rt_shared_mapping(const struct rt_shared_range *range)
{
	if (RT_LIKELY(range->mapping))
		return range->mapping;
	uint32_t mapping = tell_mapping(range);
	rt_guard_lock(&ranges.guard);
	uint32_t at = first_after(range->low);
	if (at < rt_shared_count && ranges.items[at].low == range->low)
		ranges.items[at].mapping = mapping;
	rt_guard_unlock(&ranges.guard);
	return mapping;
}

/* ---- shadow ---- */

enum { MREMAP_FLAGS = 1 | 2 /* MAYMOVE, FIXED */ };

/* A second mapping of the session's cells takes the place of the process's own. Of a mapping of 0 bytes mremap(2) makes another. */
static bool map_shadow(char *cells, uint64_t place, size_t bytes)
{
	char *from = rt_session.shadow + (place << RT_CELL_SCALE_LOG);
	return !rt_sys_failed(rt_syscall(__NR_mremap, (long)from, 0, (long)(bytes << RT_CELL_SCALE_LOG),
		MREMAP_FLAGS, (long)cells, 0));
}

static void unmap_shadow(char *cells, size_t bytes)
{
	bytes <<= RT_CELL_SCALE_LOG;
	if (rt_sys_mmap(cells, bytes, RT_PROT_READ | RT_PROT_WRITE,
		    RT_MAP_PRIVATE | RT_MAP_ANONYMOUS | RT_MAP_NORESERVE | RT_MAP_FIXED, -1, 0)) {
		rt_sys_madvise(cells, bytes, RT_MADV_DONTDUMP);
		rt_sys_madvise(cells, bytes, RT_MADV_NOHUGEPAGE);
	}
}

/* How many bytes from the offset on have their cells in one piece, at *place. 0: there is no room for them. */
static size_t place_of(uint32_t object, uint64_t offset, size_t bytes, uint64_t *place)
{
	uint64_t chunk = offset >> RT_EXTENT_LOG, inside = offset & (RT_EXTENT_BYTES - 1);
	uint32_t first = find_extent(object, chunk), extent = first;
	if (first == RT_SESSION_EXTENTS)
		return 0;
	*place = ((uint64_t)first << RT_EXTENT_LOG) + inside;
	size_t run = RT_EXTENT_BYTES - inside;
	while (run < bytes && find_extent(object, ++chunk) == ++extent && extent < RT_SESSION_EXTENTS)
		run += RT_EXTENT_BYTES;
	return run < bytes ? run : bytes;
}

/* One piece of a mapping; false: it has no shared cells. */
static bool attach(const struct rt_shared_range *range)
{
	size_t run, bytes = range->high - range->low;
	char *cells = rt_space_at(&rt_cells, range->low, &run, true);
	if (!cells || run < bytes || !rt_page_has_state((const struct rt_granule *)cells) ||
		!map_shadow(cells, range->place, bytes))
		return false;
	rt_guard_lock(&ranges.guard);
	bool known = insert(range);
	if (known)
		rt_page_share(range->low, bytes, true);
	rt_guard_unlock(&ranges.guard);
	if (!known)
		unmap_shadow(cells, bytes);
	return known;
}

static bool make_ranges(void)
{
	if (!ranges.items)
		ranges.items = rt_reserve_pages(RANGES_MOST * sizeof(*ranges.items));
	return ranges.items != NULL;
}

/* All of a mapping. */
static void share(struct rt_shared_range range)
{
	uintptr_t end = range.high;
	struct rt_session_object *object = &rt_session.tables->objects[range.object];
	if (range.writable)
		__atomic_fetch_add(&object->writers, 1, __ATOMIC_RELAXED);
	while (range.low < end) {
		size_t run;
		rt_space_at(&rt_cells, range.low, &run, true);
		run = run < end - range.low ? run : end - range.low;
		size_t piece = place_of(range.object, range.offset, run, &range.place);
		range.high = range.low + piece;
		if (!piece || !attach(&range)) {
			rt_count(RT_COUNTER_NO_SHARED);
			return;
		}
		range.low += piece;
		range.offset += piece;
	}
}

/* From now on what this process does matters to others. */
static void watch(struct rt_thread *self, bool writable, const struct rt_session_object *object)
{
	bool files = object->kind == RT_OBJECT_FILE;
	if (!writable && files && !__atomic_load_n(&object->writers, __ATOMIC_RELAXED))
		return; /* nobody changes it: a cache, a font */
	__atomic_store_n(&rt_session.tables->header.live, 1, __ATOMIC_RELAXED);
	rt_watching_begins(self);
	rt_watch_set(RT_WATCH_SHARED, true);
}

static void map_pages(struct rt_thread *self, struct rt_site *site, void *address, size_t bytes,
	uint32_t object, uint64_t offset, bool writable)
{
	uintptr_t low = (uintptr_t)address;
	if (object == RT_SESSION_OBJECTS || !make_ranges()) {
		rt_count(RT_COUNTER_NO_SHARED);
		return;
	}
	bytes = (bytes + RT_PAGE_BYTES - 1) & ~(size_t)(RT_PAGE_BYTES - 1);
	share((struct rt_shared_range){.low = low,
		.high = low + bytes,
		.offset = offset,
		.object = object,
		.writable = writable,
		.mapped = rt_site_context(self, site, RT_READ),
		.thread = self->id});
	watch(self, writable, &rt_session.tables->objects[object]);
}

void rt_shared_map(struct rt_thread *self, struct rt_site *site, void *address, size_t bytes,
	const struct rt_object *object, uint64_t offset, bool writable)
{
	if (rt_session_need(true))
		map_pages(self, site, address, bytes, find_object(object), offset, writable);
}

bool rt_shared_shown(const volatile void *address, struct rt_shown *shown)
{
	struct rt_shared_range range;
	if (!rt_shared_at((uintptr_t)address, &range))
		return false;
	*shown = (struct rt_shown){
		range.object, range.offset + ((uintptr_t)address - range.low), range.writable};
	return true;
}

void rt_shared_map_again(struct rt_thread *self, struct rt_site *site, void *address, size_t bytes,
	const struct rt_shown *shown)
{
	map_pages(self, site, address, bytes, shown->object, shown->offset, shown->writable);
}

bool rt_shared_is_watched(void)
{
	return rt_watching & RT_WATCH_SHARED;
}

/* ---- ends ---- */

/* The first range that overlaps; false: there is none. */
static bool take_overlap(uintptr_t low, uintptr_t high, struct rt_shared_range *gone)
{
	rt_guard_lock(&ranges.guard);
	uint32_t at = first_after(low);
	bool found = at < rt_shared_count && ranges.items[at].low < high;
	if (found) {
		*gone = ranges.items[at];
		uintptr_t from = gone->low < low ? low : gone->low,
			  to = gone->high > high ? high : gone->high;
		gone->place += from - gone->low;
		gone->offset += from - gone->low;
		cut(at, from, to);
		gone->low = from;
		gone->high = to;
	}
	rt_guard_unlock(&ranges.guard);
	return found;
}

bool rt_shared_next(uintptr_t low, uintptr_t high, struct rt_shared_range *range)
{
	for (;;) {
		uint32_t changes;
		if (!rt_guard_look(&ranges.guard, &changes))
			continue;
		uint32_t at = first_after(low);
		bool found = at < rt_shared_count && ranges.items[at].low < high;
		if (found)
			*range = ranges.items[at];
		if (rt_guard_is_unchanged(&ranges.guard, changes))
			return found;
	}
}

/* The history of what goes: all of a mapping, or a hole in it. */
void rt_shared_tell_gone(const struct rt_shared_range *range, uintptr_t low, uintptr_t high, uint32_t stack)
{
	struct rt_session_mapping *mapping = rt_session_mapping(range->mapping);
	if (!mapping)
		return;
	if (low > range->low || high < range->high) {
		struct rt_shared_range hole = *range;
		hole.low = low > range->low ? low : range->low;
		hole.high = high < range->high ? high : range->high;
		hole.offset += hole.low - range->low;
		mapping = rt_session_mapping(tell_mapping(&hole));
	}
	if (!mapping)
		return;
	mapping->unmapped = stack;
	mapping->gone = true;
}

void rt_shared_detach(uintptr_t address, size_t bytes)
{
	struct rt_shared_range gone;
	uintptr_t high = (address + bytes + RT_PAGE_BYTES - 1) & ~(uintptr_t)(RT_PAGE_BYTES - 1);
	while (RT_UNLIKELY(rt_shared_count != 0) && take_overlap(address, high, &gone)) {
		size_t run;
		unmap_shadow(rt_space_at(&rt_cells, gone.low, &run, false), gone.high - gone.low);
		rt_page_share(gone.low, gone.high - gone.low, false);
	}
}

/* The child has the mappings, too, as its own. */
void rt_shared_forked(void)
{
	for (uint32_t i = 0; i < rt_shared_count; i++)
		ranges.items[i].mapping = 0;
}
