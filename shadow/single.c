#include "single.h"

#include "access.h"
#include "arena.h"
#include "hot.h"
#include "object.h"
#include "process.h"
#include "space.h"
#include "sys.h"

enum { REGION_LOG = 21, ARCH_SET_GS = 0x1001, MARKED_CELLS = 8 };
/* Each takes a page of the view: of files of terabytes that would be more than what is saved. */
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
static uint32_t module_count;
static bool refused; /* a module has something shared */

static struct rt_front *front_of(const char *cells)
{
	return (struct rt_front *)(cells - RT_FRONT_BYTES);
}

/* The granules that a check may look at of a region. */
static struct rt_granule *granules_of(uint32_t region)
{
	return (struct rt_granule *)(view + ((uintptr_t)region << (REGION_LOG + RT_CELL_SCALE_LOG)));
}

/* Which regions have something shared, each and one at its number's remainder. The view has a page for each that is looked at,
 * far from all others, and is there for those alone who look by themselves. */
static struct {
	struct rt_spin spin;
	uint32_t at[REGIONS_MOST];
} marked RT_SPARSE;

static uint32_t region_of(uintptr_t address)
{
	return (uint32_t)((address & WINDOW_BITS) >> REGION_LOG);
}

static bool is_marked(uint32_t region)
{
	return __atomic_load_n(&marked.at[region % REGIONS_MOST], __ATOMIC_RELAXED) == region + 1;
}

static void show_mark(uint32_t region)
{
	struct rt_granule *granules = granules_of(region);
	for (unsigned i = 0; i < MARKED_CELLS; i++)
		granules[i].cell[0] = granules[i].cell[1] = MARK;
}

/* False: there is another one in its place. */
static bool mark(uint32_t region)
{
	if (is_marked(region))
		return true;
	rt_spin_lock(&marked.spin);
	uint32_t *there = &marked.at[region % REGIONS_MOST];
	bool is_free = !*there || *there == region + 1;
	if (is_free)
		__atomic_store_n(there, region + 1, __ATOMIC_RELAXED);
	if (is_free && view)
		show_mark(region);
	rt_spin_unlock(&marked.spin);
	return is_free;
}

static bool make_view(void)
{
	if (view)
		return true;
	char *room = rt_sys_mmap(WISHED, VIEW_BYTES, RT_PROT_READ | RT_PROT_WRITE,
		RT_MAP_PRIVATE | RT_MAP_ANONYMOUS | RT_MAP_NORESERVE, -1, 0);
	if (!room)
		return false;
	rt_sys_madvise(room, VIEW_BYTES, RT_MADV_DONTDUMP);
	rt_sys_madvise(room, VIEW_BYTES, RT_MADV_NOHUGEPAGE);
	rt_reserved_add(room, VIEW_BYTES);
	rt_spin_lock(&marked.spin);
	view = room + RT_FRONT_BYTES;
	for (uint32_t i = 0; i < REGIONS_MOST; i++)
		if (marked.at[i])
			show_mark(marked.at[i] - 1);
	rt_spin_unlock(&marked.spin);
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
	for (uintptr_t at = (low - INLINE_BYTES) & ~(REGION_BYTES - 1); at < low + bytes && !refused;
		at += REGION_BYTES)
		if (!mark(region_of(at)))
			refuse();
}

bool rt_single_is_private(uintptr_t address, size_t bytes)
{
	uintptr_t end = address + bytes;
	for (uintptr_t at = address & ~(REGION_BYTES - 1); at < end; at += REGION_BYTES)
		if (is_marked(region_of(at)))
			return false;
	return true;
}

/* ---- what gs leads to ---- */

static bool lead_segment(const char *cells)
{
	return !rt_sys_failed(rt_syscall(__NR_arch_prctl, ARCH_SET_GS, (long)cells, 0, 0, 0, 0));
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
	if (on == rt_single_on || (on && (refused || !rt_cells.linear)))
		return;
	if (rt_access_has_front()) { /* there are emitted checks */
		if (!make_view())
			return;
		fill_front(on);
		if (!rt_process_is_confined())
			lead_segment(on ? view : rt_cells.linear);
	}
	rt_single_on = on;
}

bool rt_single_take_segment(void)
{
	rt_single_on = rt_single_on && make_view();
	if (rt_single_on)
		fill_front(true);
	return rt_cells.linear && lead_segment(rt_single_on ? view : rt_cells.linear);
}
