/* Three ways, in this order:
 *
 *   in place  no other thread runs: the pages are made writable, written, made executable again. The mapping stays what
 *             it was, its file's name included, which is what debuggers and our own reports go by.
 *   moved     new private pages of the same file are written elsewhere, made executable, and moved over the text. It
 *             has its file's name again. What can't be opened again is anonymous memory.
 *   mapped    where written pages may not become executable: pages of a memory file, seen through another mapping.
 *
 * Moving and mapping replace a run of pages at once: a thread in it sees the old pages or the new. Runs have no patch in
 * common, since a patch's bytes are less than a page apart; so when the kernel stops half way, what is done is valid. */
#include "replace.h"

#include "maps.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

enum {
	MREMAP_MAYMOVE_FIXED = 3,
	MFD_CLOEXEC_VALUE = 1,
	NO_FILE = -1,
	BRIDGE_PAGES =
		8, /* so few unchanged pages between changed ones are replaced, too: each run is a mapping */
};

#define READ_WRITE (RT_PROT_READ | RT_PROT_WRITE)

/* The text's pages as they are mapped, from the first to the last that is changed. */
struct place {
	const struct rt_copy *copy;
	uintptr_t low;
	size_t bytes;
	int protection;
	int file;    /* of the text, at `offset`; NO_FILE: not known */
	long offset; /* of `low` */
};

static long protect(uintptr_t low, size_t bytes, int protection)
{
	return rt_syscall(__NR_mprotect, (long)low, (long)bytes, protection, 0, 0, 0);
}

/* ---- what is there ---- */

/* The file of the mapping, opened again; NO_FILE when the name means another one now, or none. */
static int open_again(const struct rt_mapping *mapping)
{
	struct rt_sys_identity identity;
	int file = mapping->inode ? (int)rt_sys_open(mapping->path, RT_O_CLOEXEC, 0) : NO_FILE;
	if (file < 0)
		return NO_FILE;
	if (rt_sys_identify(file, &identity) && identity.inode == mapping->inode)
		return file;
	rt_sys_close(file);
	return NO_FILE;
}

/* False: it can't be replaced: not mapped all the same way, or writable, which is no text. */
static bool find_mapping(struct place *place, struct rt_maps *maps)
{
	uintptr_t low = place->low, high = place->low + place->bytes;
	const struct rt_mapping *mapping;
	while (low < high && (mapping = rt_maps_next(maps))) {
		if (mapping->range.high <= low)
			continue;
		if (mapping->range.low > low || mapping->protection & RT_PROT_WRITE || mapping->shared ||
			!(mapping->protection & RT_PROT_EXEC))
			return false;
		if (low == place->low) {
			place->protection = mapping->protection;
			place->offset = (long)(mapping->offset + (low - mapping->range.low));
			place->file = open_again(mapping);
		}
		if (mapping->protection != place->protection)
			return false;
		low = mapping->range.high;
	}
	return low >= high;
}

/* False: nothing is changed. */
static bool find_changed(struct place *place, const struct rt_copy *copy)
{
	uint32_t first = rt_bit_next(copy->changed, 0, copy->page_count), last = first;
	for (uint32_t page = first; page < copy->page_count;
		page = rt_bit_next(copy->changed, page + 1, copy->page_count))
		last = page;
	*place = (struct place){.copy = copy, .file = NO_FILE};
	place->low = copy->first_page + ((uintptr_t)first << RT_PAGE_LOG);
	place->bytes = (size_t)(last + 1 - first) << RT_PAGE_LOG;
	return first < copy->page_count;
}

static bool describe(struct place *place)
{
	struct rt_maps *maps = rt_maps_open();
	bool is_found = maps && find_mapping(place, maps);
	if (maps)
		rt_maps_close(maps);
	return is_found;
}

/* ---- runs ---- */

/* The changed pages from *page on, and few others between them. False: no more. */
static bool next_run(const struct rt_copy *copy, uint32_t *page, struct rt_range *run)
{
	uint32_t first = rt_bit_next(copy->changed, *page, copy->page_count), end = first, next = first;
	if (first == copy->page_count)
		return false;
	while (next < copy->page_count && next <= end + BRIDGE_PAGES) {
		end = next + 1;
		next = rt_bit_next(copy->changed, end, copy->page_count);
	}
	run->low = copy->first_page + ((uintptr_t)first << RT_PAGE_LOG);
	run->high = copy->first_page + ((uintptr_t)end << RT_PAGE_LOG);
	*page = end;
	return true;
}

/* Writes the changed pages to `to`, which stands for place->low; `whole`: those between them in a run, too. */
static void write_pages(const struct place *place, uint8_t *to, bool whole)
{
	const struct rt_copy *copy = place->copy;
	struct rt_range run;
	for (uint32_t page = 0; next_run(copy, &page, &run);) {
		rt_sys_populate(to + (run.low - place->low), run.high - run.low);
		for (uintptr_t at = run.low; at < run.high; at += RT_PAGE_BYTES) {
			bool is_changed =
				rt_bit(copy->changed, (uint32_t)((at - copy->first_page) >> RT_PAGE_LOG));
			const void *from = is_changed ? copy->bytes + (at - copy->first_page) : (void *)at;
			if (is_changed || whole)
				rt_bytes_copy(to + (at - place->low), from, RT_PAGE_BYTES);
		}
	}
}

/* ---- moved ---- */

/* What is moved away may be somebody else's memory at once: only the rest is unmapped. */
static bool move_runs(const struct place *place, uintptr_t from)
{
	uintptr_t rest = from;
	struct rt_range run;
	for (uint32_t page = 0; next_run(place->copy, &page, &run);) {
		uintptr_t fresh = from + (run.low - place->low);
		long bytes = (long)(run.high - run.low);
		rt_sys_munmap((void *)rest, fresh - rest);
		rest = fresh;
		if (rt_sys_failed(rt_syscall(
			    __NR_mremap, (long)fresh, bytes, bytes, MREMAP_MAYMOVE_FIXED, (long)run.low, 0)))
			break;
		rest = fresh + (size_t)bytes;
	}
	bool is_any = rest > from;
	rt_sys_munmap((void *)rest, from + place->bytes - rest);
	return is_any;
}

static bool move_over(const struct place *place)
{
	int flags = RT_MAP_PRIVATE | (place->file == NO_FILE ? RT_MAP_ANONYMOUS | RT_MAP_NORESERVE : 0);
	uint8_t *fresh = rt_sys_mmap(NULL, place->bytes, READ_WRITE, flags, place->file,
		place->file == NO_FILE ? 0 : place->offset);
	if (!fresh)
		return false;
	write_pages(place, fresh, true);
	if (!rt_sys_failed(protect((uintptr_t)fresh, place->bytes, place->protection)))
		return move_runs(place, (uintptr_t)fresh);
	rt_sys_munmap(fresh, place->bytes);
	return false;
}

/* ---- mapped ---- */

static bool map_runs(const struct place *place, int file)
{
	struct rt_range run;
	bool is_any = false;
	for (uint32_t page = 0; next_run(place->copy, &page, &run); is_any = true)
		if (!rt_sys_mmap((void *)run.low, run.high - run.low, place->protection,
			    RT_MAP_PRIVATE | RT_MAP_FIXED, file, (long)(run.low - place->low)))
			break;
	return is_any;
}

/* False also where such a page may not be executed: mapping over the text would leave a hole. */
static bool may_map(const struct place *place, int file)
{
	void *probe = rt_sys_mmap(NULL, RT_PAGE_BYTES, place->protection, RT_MAP_PRIVATE, file, 0);
	if (probe)
		rt_sys_munmap(probe, RT_PAGE_BYTES);
	return probe;
}

static bool map_over(const struct place *place)
{
	uint8_t *view = NULL;
	int file = NO_FILE;
	if (rt_sys_file_limit() >= place->bytes) /* else it would be a signal */
		file = (int)rt_syscall(
			__NR_memfd_create, (long)"racetrack-text", MFD_CLOEXEC_VALUE, 0, 0, 0, 0);
	if (file < 0)
		return false;
	if (!rt_sys_failed(rt_syscall(__NR_ftruncate, file, (long)place->bytes, 0, 0, 0, 0)))
		view = rt_sys_mmap(NULL, place->bytes, READ_WRITE, RT_MAP_SHARED, file, 0);
	if (view) {
		write_pages(place, view, true);
		rt_sys_munmap(view, place->bytes);
	}
	bool is_done = view && may_map(place, file) && map_runs(place, file);
	rt_sys_close(file);
	return is_done;
}

/* ---- in place ---- */

/* Written pages of this very file may become executable: tried on one of them elsewhere. */
static bool may_write(const struct place *place)
{
	volatile uint8_t *probe =
		rt_sys_mmap(NULL, RT_PAGE_BYTES, READ_WRITE, RT_MAP_PRIVATE, place->file, place->offset);
	if (!probe)
		return false;
	*probe = *probe;
	bool may = !rt_sys_failed(protect((uintptr_t)probe, RT_PAGE_BYTES, place->protection));
	rt_sys_munmap((void *)probe, RT_PAGE_BYTES);
	return may;
}

/* No handler of the program's may run meanwhile: its code can't be executed. */
static bool write_in_place(const struct place *place)
{
	uint64_t mask;
	if (place->file == NO_FILE || !may_write(place))
		return false;
	rt_sys_signal_mask(RT_SIG_SETMASK, ~RT_SIGNALS_OF_FAULTS, &mask);
	bool is_done = !rt_sys_failed(protect(place->low, place->bytes, READ_WRITE));
	if (is_done) {
		write_pages(place, (uint8_t *)place->low, false);
		is_done = !rt_sys_failed(protect(place->low, place->bytes, place->protection)) ||
			  map_over(place);
	}
	/* Whatever it was that failed: the text as it is in its file, for which the system did not ask so much before. */
	if (!is_done)
		RT_CHECK(rt_sys_mmap((void *)place->low, place->bytes, place->protection,
			RT_MAP_PRIVATE | RT_MAP_FIXED, place->file, place->offset));
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
	return is_done;
}

bool rt_replace_text(const struct rt_copy *copy, bool alone)
{
	struct place place;
	if (!find_changed(&place, copy))
		return true;
	if (!describe(&place))
		return false;
	bool is_done = (alone && write_in_place(&place)) || move_over(&place) || map_over(&place);
	if (place.file != NO_FILE)
		rt_sys_close(place.file);
	return is_done;
}
