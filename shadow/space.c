#include "space.h"

#include "arena.h"
#include "sys.h"

enum {
	DIRECTORY_ENTRIES = 1 << (RT_USER_LOG - RT_MIDDLE_LOG),
	LEAVES = 1 << (RT_MIDDLE_LOG - RT_LEAF_LOG),
	GIVE_BACK_BYTES =
		16 * RT_PAGE_BYTES, /* metadata up to this size is walked without asking what is resident */
};

bool rt_space_init(struct rt_space *space, unsigned scale_log, bool directory_only)
{
	space->scale_log = scale_log;
	const size_t directory_bytes = DIRECTORY_ENTRIES * sizeof(char **),
		     owners_bytes = (size_t)1 << (RT_WINDOW_LOG - RT_REGION_LOG);
	size_t bytes;
	space->directory = rt_reserve(directory_bytes, directory_bytes, &bytes);
	if (!space->directory)
		return false;
	if (directory_only)
		return true;
	space->owners = rt_reserve_hot(owners_bytes, owners_bytes, &bytes);
	char *pages =
		space->owners
			? rt_reserve_pages(RT_SPACE_FRONT_BYTES + ((size_t)1 << (RT_WINDOW_LOG + scale_log)))
			: NULL;
	space->linear = pages ? pages + RT_SPACE_FRONT_BYTES : NULL;
	return true;
}

/* One pointer of a level of the directory: the one there, or a new zeroed array put there by whoever comes first. */
static void *level_at(void **slot, size_t bytes, bool create)
{
	void *there = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
	if (there || !create)
		return there;
	void *fresh = rt_reserve_leaf(bytes);
	if (!fresh)
		return NULL;
	if (__atomic_compare_exchange_n(slot, &there, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return fresh;
	return there; /* lost to another thread: rare, and untouched memory costs little */
}

static RT_COLD char *directory_at(struct rt_space *space, uintptr_t address, size_t *run_bytes, bool create)
{
	uintptr_t offset = address & (((uintptr_t)1 << RT_LEAF_LOG) - 1);
	*run_bytes = ((size_t)1 << RT_LEAF_LOG) - offset;
	char **middle = level_at(
		(void **)&space->directory[address >> RT_MIDDLE_LOG], LEAVES * sizeof(char *), create);
	if (!middle) {
		*run_bytes = ((size_t)1 << RT_MIDDLE_LOG) - (address & (((uintptr_t)1 << RT_MIDDLE_LOG) - 1));
		return NULL;
	}
	char *leaf = level_at((void **)&middle[(address >> RT_LEAF_LOG) & (LEAVES - 1)],
		(size_t)1 << (RT_LEAF_LOG + space->scale_log), create);
	return leaf ? leaf + (offset << space->scale_log) : NULL;
}

char *rt_space_at(struct rt_space *space, uintptr_t address, size_t *run_bytes, bool create)
{
	if (RT_UNLIKELY(address >> RT_USER_LOG)) {
		*run_bytes = SIZE_MAX;
		return NULL;
	}
	if (RT_UNLIKELY(!space->linear))
		return directory_at(space, address, run_bytes, create);
	uintptr_t place = address & (((uintptr_t)1 << RT_WINDOW_LOG) - 1);
	uint8_t *owner = &space->owners[place >> RT_REGION_LOG];
	uint8_t window = (uint8_t)((address >> RT_WINDOW_LOG) + 1);
	uint8_t owned = __atomic_load_n(owner, __ATOMIC_RELAXED);
	if (RT_UNLIKELY(owned != window)) {
		if (!owned && create)
			__atomic_compare_exchange_n(
				owner, &owned, window, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
		if (owned && owned != window) {
			space->mixed = true;
			return directory_at(space, address, run_bytes, create);
		}
	}
	*run_bytes = ((size_t)1 << RT_REGION_LOG) - (place & (((uintptr_t)1 << RT_REGION_LOG) - 1));
	return space->linear + (place << space->scale_log);
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

void rt_space_clear(struct rt_space *space, uintptr_t address, size_t bytes)
{
	while (bytes) {
		size_t run;
		char *metadata = rt_space_at(space, address, &run, false);
		run = smaller(run, bytes);
		address += run;
		bytes -= run;
		if (!metadata)
			continue;
		char *end = metadata + (run << space->scale_log);
		char *first_page =
			(char *)(((uintptr_t)metadata + RT_PAGE_BYTES - 1) & ~(uintptr_t)(RT_PAGE_BYTES - 1));
		char *last_page = (char *)((uintptr_t)end & ~(uintptr_t)(RT_PAGE_BYTES - 1));
		if (last_page < first_page + GIVE_BACK_BYTES) {
			rt_bytes_zero(metadata, (size_t)(end - metadata));
			continue;
		}
		rt_bytes_zero(metadata, (size_t)(first_page - metadata));
		rt_sys_madvise(first_page, (size_t)(last_page - first_page), RT_MADV_DONTNEED);
		rt_bytes_zero(last_page, (size_t)(end - last_page));
	}
}
