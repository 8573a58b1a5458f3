#include "object.h"

#include "counters.h"
#include "fault.h"
#include "thread.h"

enum {
	EXTENT_TRIES = 64,
	EXTENT_OBJECT_SHIFT = 40,
};
#define EXTENT_CHUNKS (1ull << EXTENT_OBJECT_SHIFT)

/* ---- objects and extents ---- */

/* Of what it is: the same file may have names of several kinds. */
static uint64_t key_of(const struct rt_object *object)
{
	uint64_t serial = 0;
	bool file = object->kind == RT_OBJECT_MEMFD || object->kind == RT_OBJECT_SHM;
	if (!object->device && !object->inode && !object->born)
		serial = __atomic_add_fetch(&rt_session.tables->header.anonymous, 1, __ATOMIC_RELAXED);
	uint64_t hash = rt_hash64((file ? RT_OBJECT_FILE : object->kind) + serial * 8);
	hash = rt_hash64(hash ^ object->device);
	hash = rt_hash64(hash ^ object->inode);
	return rt_hash64(hash ^ object->born) | 1;
}

static uint32_t entry_of(struct rt_session_object *objects, uint64_t key, bool create)
{
	return rt_session_place(
		objects, RT_SESSION_OBJECTS, sizeof(*objects), key, (uint32_t)rt_hash64(key), create);
}

/* RT_SESSION_OBJECTS: there is no room. */
static uint32_t find_object(const struct rt_object *what)
{
	struct rt_session_object *objects = rt_session.tables->objects;
	uint32_t index = entry_of(objects, key_of(what), true);
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

bool rt_shared_knows(const struct rt_object *what)
{
	struct rt_session_object *objects = rt_session.tables ? rt_session.tables->objects : NULL;
	uint32_t index = objects ? entry_of(objects, key_of(what), false) : RT_SESSION_OBJECTS;
	return index != RT_SESSION_OBJECTS && __atomic_load_n(&objects[index].kind, __ATOMIC_ACQUIRE);
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

uint64_t rt_shared_key(uintptr_t address)
{
	struct rt_shared_range range;
	if (!rt_shared_find(address, &range))
		return address;
	return RT_SYNC_KEY_HIGH | RT_SYNC_KEY_SESSION | RT_SYNC_KEY_MEMORY |
	       (range.place + (address - range.low));
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

/* Code that looks at the linear shadow by itself finds what is in the session from now on. */
static void show(const struct rt_shared_range *range)
{
	size_t run, bytes = range->high - range->low;
	if (map_shadow(rt_space_at(&rt_cells, range->low, &run, true), range->place, bytes))
		rt_page_show(range->low, bytes);
}

static void hide(const struct rt_shared_range *range)
{
	size_t run, bytes = (range->high - range->low) << RT_CELL_SCALE_LOG;
	char *cells = rt_space_at(&rt_cells, range->low, &run, false);
	if (rt_sys_mmap(cells, bytes, RT_PROT_READ | RT_PROT_WRITE,
		    RT_MAP_PRIVATE | RT_MAP_ANONYMOUS | RT_MAP_NORESERVE | RT_MAP_FIXED, -1, 0)) {
		rt_sys_madvise(cells, bytes, RT_MADV_DONTDUMP);
		rt_sys_madvise(cells, bytes, RT_MADV_NOHUGEPAGE);
	}
}

void rt_shared_known(uintptr_t address)
{
	rt_shared_need(address, show);
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
		!rt_shared_add(range))
		return false;
	rt_page_share(range->low, bytes);
	return true;
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
	if (object == RT_SESSION_OBJECTS) {
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

void rt_shared_detach(uintptr_t address, size_t bytes)
{
	struct rt_shared_range gone;
	const uintptr_t inside = RT_PAGE_BYTES - 1;
	uintptr_t low = (address + inside) & ~inside, high = (address + bytes + inside) & ~inside;
	while (RT_UNLIKELY(rt_shared_count != 0) && rt_shared_take(low, high, &gone)) {
		if (gone.shown)
			hide(&gone);
		rt_page_unshare(gone.low, gone.high - gone.low, gone.shown);
	}
}
