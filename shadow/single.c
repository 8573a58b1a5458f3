#include "single.h"

#include "access.h"
#include "arena.h"
#include "hot.h"
#include "object.h"
#include "process.h"
#include "space.h"
#include "sys.h"

enum { REGION_LOG = 21, ARCH_SET_GS = 0x1001, MARKED_CELLS = 8 };
/* Each takes a page: of files of terabytes that would be more than what is saved. */
enum { REGIONS_MOST = 1 << 14 };
#define REGION_BYTES ((uintptr_t)1 << REGION_LOG)
#define WINDOW_BITS  (((uintptr_t)1 << RT_WINDOW_LOG) - 1)
#define VIEW_BYTES   (RT_FRONT_BYTES + ((size_t)1 << (RT_WINDOW_LOG + RT_CELL_SCALE_LOG)))
/* The most bytes that a check looks at before it calls: they may begin in one region and end in the next. */
#define INLINE_BYTES ((uintptr_t)MARKED_CELLS * RT_GRANULE_BYTES)
/* Far from where programs and libraries lie, and what must be near them; no program asks for such an address itself. Somewhere
 * else will do. */
#define WISHED       ((void *)0x328000000000)

/* All that is looked at, and what a region with shared memory has there: no `expected` has it. */
#define MARK         RT_HOT_ATOMIC

enum { MODULES_MOST = 512 };

bool rt_single_on RT_AT_FORK;
static char *view; /* as rt_cells.linear is, with a front of its own */
static struct {
	uintptr_t low, high;
} modules[MODULES_MOST];
static uint32_t module_count, region_count;
static bool refused; /* a module has something shared */

static struct rt_front *front_of(const char *cells)
{
	return (struct rt_front *)(cells - RT_FRONT_BYTES);
}

static bool make_view(void)
{
	if (view || !rt_cells.linear)
		return view != NULL;
	char *room = rt_sys_mmap(WISHED, VIEW_BYTES, RT_PROT_READ | RT_PROT_WRITE,
		RT_MAP_PRIVATE | RT_MAP_ANONYMOUS | RT_MAP_NORESERVE, -1, 0);
	if (!room)
		return false;
	rt_sys_madvise(room, VIEW_BYTES, RT_MADV_DONTDUMP);
	rt_sys_madvise(room, VIEW_BYTES, RT_MADV_NOHUGEPAGE);
	rt_reserved_add(room, VIEW_BYTES);
	view = room + RT_FRONT_BYTES;
	return true;
}

/* The granules that a check may look at of a region. */
static struct rt_granule *granules_of(uintptr_t address)
{
	uintptr_t place = address & WINDOW_BITS & ~(REGION_BYTES - 1);
	return (struct rt_granule *)(view + (place << RT_CELL_SCALE_LOG));
}

/* A bit for each region that is marked, and for others by chance: the view has a page for each that is looked at. */
enum { MARKS = 1 << 15 };
static uint64_t marks[MARKS / 64];

static uint64_t *mark_of(uintptr_t address, uint64_t *bit)
{
	uintptr_t region = address >> REGION_LOG;
	*bit = (uint64_t)1 << region % 64;
	return &marks[region / 64 % (MARKS / 64)];
}

static bool may_be_marked(uintptr_t address)
{
	uint64_t bit;
	const uint64_t *word = mark_of(address, &bit);
	return __atomic_load_n(word, __ATOMIC_RELAXED) & bit;
}

/* False: there are too many. */
static bool mark(uintptr_t address)
{
	struct rt_granule *granules = granules_of(address);
	uint64_t bit;
	if (granules[0].cell[0])
		return true;
	uint64_t *word = mark_of(address, &bit);
	__atomic_fetch_or(word, bit, __ATOMIC_RELAXED);
	if (region_count++ == REGIONS_MOST)
		return false;
	for (unsigned i = 0; i < MARKED_CELLS; i++)
		granules[i].cell[0] = granules[i].cell[1] = MARK;
	return true;
}

static void refuse(void)
{
	refused = true;
	rt_single_set(false);
}

void rt_single_module(uintptr_t low, uintptr_t high)
{
	struct rt_shared_range range;
	if (module_count == MODULES_MOST || (rt_shared_count && rt_shared_next(low, high, &range))) {
		refuse();
		return;
	}
	modules[module_count].low = low;
	modules[module_count++].high = high;
}

void rt_single_share(uintptr_t low, size_t bytes)
{
	for (uint32_t i = 0; i < module_count; i++)
		if (low < modules[i].high && modules[i].low < low + bytes)
			refuse();
	if (refused || !make_view())
		return;
	for (uintptr_t at = (low - INLINE_BYTES) & ~(REGION_BYTES - 1); at < low + bytes && !refused;
		at += REGION_BYTES)
		if (!mark(at))
			refuse();
}

bool rt_single_is_private(uintptr_t address, size_t bytes)
{
	uintptr_t end = address + bytes;
	for (uintptr_t at = address & ~(REGION_BYTES - 1); at < end; at += REGION_BYTES)
		if (may_be_marked(at) && granules_of(at)->cell[0])
			return false;
	return true;
}

/* ---- what gs leads to ---- */

static bool lead_segment(const char *cells)
{
	return !rt_sys_failed(rt_syscall(__NR_arch_prctl, ARCH_SET_GS, (long)cells, 0, 0, 0, 0));
}

/* Where emitted checks are there are places that they call. */
static bool is_rewritten(void)
{
	return rt_cells.linear && front_of(rt_cells.linear)->calls[0];
}

/* The view's front: the mark alone is looked at. Or the view is no longer for looking at: who has it still (threads that were
 * made unseen, a process that may not ask the system any more) calls for every access, and the call looks at the cells. */
static void fill_front(bool on)
{
	struct rt_front *front = front_of(view);
	rt_bytes_copy(front, front_of(rt_cells.linear), sizeof(*front));
	front->place = WINDOW_BITS & ~(REGION_BYTES - 1);
	for (unsigned look = 0; look < RT_LOOK_COUNT; look++)
		for (unsigned offset = 0; offset < RT_GRANULE_BYTES; offset++)
			front->looked_at[look][offset] = on ? MARK : ~0ull;
}

void rt_single_set(bool on)
{
	if (on == rt_single_on || (on && refused) || !make_view())
		return;
	fill_front(on);
	rt_single_on = on;
	if (is_rewritten() && !rt_process_is_confined())
		lead_segment(on ? view : rt_cells.linear);
}

bool rt_single_take_segment(void)
{
	if (rt_single_on)
		fill_front(true);
	return rt_cells.linear && lead_segment(rt_single_on ? view : rt_cells.linear);
}
