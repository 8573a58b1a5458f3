#include "reach.h"

#include "maps.h"
#include "shadow/engine.h"
#include "shadow/sys.h"

enum {
	MAP_FIXED_NOREPLACE_FLAG = 0x100000,
	HOLES_MOST = 256,
	HOLE_BYTES = 1 << 20, /* a smaller hole is left alone */
	SCARCE_SHARE = 8,     /* of what a limit leaves, one part in so many is reserved, and seen twice */
	LOWEST = 1 << 20,     /* the kernel keeps the first pages for itself, and null pointers fault there */
	RLIMIT_STACK_VALUE = 3, /* the kernel's numbers */
	RLIMIT_AS_VALUE = 9,
};

#define REACH_BYTES (((uintptr_t)1 << 31) - ((uintptr_t)1 << 24))
#define HIGHEST     (((uintptr_t)1 << 47) - RT_PAGE_BYTES)
#define HEAP_ROOM   ((uintptr_t)1 << 30)
#define HEAP_LEAST  ((uintptr_t)1 << 27)
#define LOW_END     ((uintptr_t)1 << 32)
#define LOW_ROOM                                                                                             \
	((uintptr_t)1 << 28) /* for a heap below that: nothing is out of the way, and malloc maps more */
#define STACK_ROOM ((uintptr_t)1 << 30)
/* A jump whose distance ends in the next instruction's REX prefix, 40 to 4f, leads at least so far ahead. */
#define REX_REACH  ((uintptr_t)1 << 30)

struct holes {
	struct rt_range near, window, list[HOLES_MOST];
	uint32_t count;
	uintptr_t heap_end;
};

static uintptr_t page_up(uintptr_t address)
{
	return (address + RT_PAGE_BYTES - 1) & ~(uintptr_t)(RT_PAGE_BYTES - 1);
}

static uintptr_t larger(uintptr_t a, uintptr_t b)
{
	return a > b ? a : b;
}

static uintptr_t smaller(uintptr_t a, uintptr_t b)
{
	return a < b ? a : b;
}

static uint64_t soft_limit(int resource)
{
	uint64_t limit[2] = {UINT64_MAX, UINT64_MAX};
	rt_syscall(__NR_prlimit64, 0, resource, 0, (long)limit, 0, 0);
	return limit[0];
}

/* ---- holes ---- */

static void add_hole(struct holes *holes, uintptr_t low, uintptr_t high)
{
	low = larger(low + RT_PAGE_BYTES, holes->window.low);
	high = smaller(high < RT_PAGE_BYTES ? 0 : high - RT_PAGE_BYTES, holes->window.high);
	if (low < high && high - low >= HOLE_BYTES && holes->count < HOLES_MOST)
		holes->list[holes->count++] = (struct rt_range){low, high};
}

/* What the heap keeps to grow into. The kernel puts it up to 1 GiB behind a program: it does not get the places that most jumps
 * between instructions need. malloc maps more. */
static uintptr_t heap_room(const struct holes *holes, uintptr_t heap)
{
	uintptr_t room = heap < LOW_END ? LOW_ROOM : HEAP_ROOM,
		  wanted = page_up(holes->near.high + REX_REACH);
	if (heap < holes->near.high || heap + room <= wanted)
		return room;
	return heap + HEAP_LEAST < wanted ? wanted - heap : HEAP_LEAST;
}

/* A hole between two mappings, less what the heap and a stack may grow into. */
static void see_hole(struct holes *holes, uintptr_t low, uintptr_t high, bool below_stack)
{
	if (below_stack) {
		uintptr_t room = larger(soft_limit(RLIMIT_STACK_VALUE), STACK_ROOM);
		high = high - low > room ? high - room : low;
	}
	uintptr_t heap = holes->heap_end;
	if (heap < low || heap > high) {
		add_hole(holes, low, high);
		return;
	}
	uintptr_t room = heap_room(holes, heap);
	add_hole(holes, low, heap);
	if (high - heap > room)
		add_hole(holes, heap + room, high);
}

static bool find_holes(struct holes *holes)
{
	struct rt_maps *maps = rt_maps_open();
	if (!maps)
		return false;
	holes->heap_end = page_up((uintptr_t)rt_syscall(__NR_brk, 0, 0, 0, 0, 0, 0));
	uintptr_t last = LOWEST;
	const struct rt_mapping *mapping;
	while ((mapping = rt_maps_next(maps)) && mapping->range.low < HIGHEST) {
		if (mapping->range.low > last)
			see_hole(holes, last, mapping->range.low, rt_string_equal(mapping->path, "[stack]"));
		last = larger(last, mapping->range.high);
	}
	if (last < HIGHEST)
		see_hole(holes, last, HIGHEST, false);
	rt_maps_close(maps);
	return true;
}

static uintptr_t distance(const struct rt_range *range, struct rt_range near)
{
	return range->high <= near.low   ? near.low - range->high
	       : range->low >= near.high ? range->low - near.high
					 : 0;
}

static void sort_by_distance(struct holes *holes, struct rt_range near)
{
	for (uint32_t i = 1; i < holes->count; i++) {
		struct rt_range hole = holes->list[i];
		uint32_t at = i;
		for (; at && distance(&holes->list[at - 1], near) > distance(&hole, near); at--)
			holes->list[at] = holes->list[at - 1];
		holes->list[at] = hole;
	}
}

/* ---- reservation ---- */

/* How much may be reserved: all there is, or a share of what a limit of the address space leaves. */
static size_t reserve_most(void)
{
	uint64_t limit = soft_limit(RLIMIT_AS_VALUE), used = 0;
	if (limit == UINT64_MAX)
		return SIZE_MAX;
	char text[64];
	int descriptor = (int)rt_sys_open("/proc/self/statm", RT_O_CLOEXEC, 0);
	if (descriptor >= 0) {
		long bytes = rt_sys_read(descriptor, text, sizeof(text));
		for (long i = 0; i < bytes && text[i] >= '0' && text[i] <= '9'; i++)
			used = used * 10 + (uint64_t)(text[i] - '0');
		rt_sys_close(descriptor);
	}
	used <<= RT_PAGE_LOG;
	return used < limit ? (limit - used) / SCARCE_SHARE & ~(size_t)(RT_PAGE_BYTES - 1) : 0;
}

static bool reserve(struct rt_range range)
{
	void *got = rt_sys_mmap((void *)range.low, range.high - range.low, RT_PROT_NONE,
		RT_MAP_PRIVATE | RT_MAP_ANONYMOUS | RT_MAP_NORESERVE | MAP_FIXED_NOREPLACE_FLAG, -1, 0);
	if (got && (uintptr_t)got != range.low) /* a kernel that does not know the flag */
		rt_sys_munmap(got, range.high - range.low);
	return (uintptr_t)got == range.low;
}

/* Reserves a hole, or as much of its near end as can be had. */
static void take_hole(struct rt_reach *reach, struct rt_range hole, struct rt_range near, size_t most)
{
	bool is_below = hole.high <= near.low;
	if (hole.high - hole.low > most - reach->bytes)
		most -= reach->bytes;
	else
		most = hole.high - hole.low;
	for (size_t bytes = most; bytes >= HOLE_BYTES; bytes = bytes / 2 & ~(size_t)(RT_PAGE_BYTES - 1)) {
		struct rt_range range = is_below ? (struct rt_range){hole.high - bytes, hole.high}
						 : (struct rt_range){hole.low, hole.low + bytes};
		if (!reserve(range))
			continue;
		reach->regions[reach->count++] = range;
		reach->bytes += bytes;
		return;
	}
}

/* So far from one place and from another. */
static struct rt_range around(uintptr_t below, uintptr_t above)
{
	uintptr_t low = below > REACH_BYTES ? below - REACH_BYTES : 0;
	uintptr_t high = smaller(above + REACH_BYTES, HIGHEST);
	return (struct rt_range){page_up(larger(low, LOWEST)), high & ~(uintptr_t)(RT_PAGE_BYTES - 1)};
}

bool rt_reach_reserve(struct rt_reach *reach, struct rt_range near)
{
	reach->window = around(near.low, near.high);
	reach->core = around(near.high, near.low);
	if (near.high - near.low > REACH_BYTES)
		return false;
	struct holes *holes = rt_alloc(sizeof(*holes));
	if (!holes)
		return false;
	holes->near = near;
	holes->window = reach->window;
	size_t most = reserve_most();
	if (find_holes(holes))
		sort_by_distance(holes, near);
	for (uint32_t i = 0; i < holes->count && reach->count < RT_REGIONS_MOST && reach->bytes < most; i++)
		take_hole(reach, holes->list[i], near, most);
	rt_free(holes, sizeof(*holes));
	return reach->count > 0;
}
