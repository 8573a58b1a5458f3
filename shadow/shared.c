#include "shared.h"

#include "abroad.h"
#include "arena.h"
#include "counters.h"
#include "fault.h"
#include "overflow.h"
#include "published.h"
#include "shared_finding.h"

enum { CHANGES_SHIFT = RT_CELL_SEGMENT_SHIFT, CHANGES_BITS = RT_EPOCH_BITS, FEW = 64 };

/* ---- lists ---- */

static struct rt_session_list *list_at(uint32_t number)
{
	if (!number || number >= RT_SESSION_LISTS)
		return NULL;
	rt_fault_prevent(&rt_session.tables->lists[number], sizeof(struct rt_session_list));
	return &rt_session.tables->lists[number];
}

static uint32_t list_of(rt_cell_t tag)
{
	return (uint32_t)tag;
}

/* Whoever takes a list off the chain of free ones may find that another one was quicker: then the number before it has changed. */
static uint32_t take_list(void)
{
	uint64_t *free = &rt_session.tables->header.free_lists,
		 head = __atomic_load_n(free, __ATOMIC_ACQUIRE);
	struct rt_session_list *list;
	while ((list = list_at((uint32_t)head))) {
		uint64_t next = ((head >> 32) + 1) << 32 | __atomic_load_n(&list->next, __ATOMIC_RELAXED);
		if (__atomic_compare_exchange_n(free, &head, next, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			return (uint32_t)head;
		head = __atomic_load_n(free, __ATOMIC_ACQUIRE);
	}
	uint32_t fresh = rt_session_take(&rt_session.tables->header.lists, RT_SESSION_LISTS, 1);
	return fresh == RT_SESSION_LISTS ? 0 : fresh;
}

/* Gives back a list and those that follow. */
static void give_lists(uint32_t number)
{
	uint64_t *free = &rt_session.tables->header.free_lists;
	struct rt_session_list *list;
	for (unsigned steps = 0; (list = list_at(number)) && steps < RT_SHARED_CELLS / RT_LIST_CELLS;
		steps++) {
		uint32_t next = list->next;
		uint64_t head = __atomic_load_n(free, __ATOMIC_ACQUIRE);
		do
			__atomic_store_n(&list->next, (uint32_t)head, __ATOMIC_RELAXED);
		while (!__atomic_compare_exchange_n(free, &head, ((head >> 32) + 1) << 32 | number, false,
			__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
		number = next;
	}
}

/* A list of these cells; 0: there is no room. */
static uint32_t make_list(const rt_cell_t *cells, uint32_t count)
{
	uint32_t first = 0;
	while (count) { /* from the end: a list is followed by what was made before it, and all but the last are full */
		uint32_t part = count % RT_LIST_CELLS ? count % RT_LIST_CELLS : RT_LIST_CELLS;
		uint32_t number = take_list();
		struct rt_session_list *list = list_at(number);
		if (!list) {
			give_lists(first);
			return 0;
		}
		const struct rt_session_list *next = list_at(first);
		count -= part;
		list->count = part + (next ? next->count : 0);
		list->next = first;
		rt_bytes_copy(list->cells, cells + count, part * sizeof(*cells));
		first = number;
	}
	return first;
}

static uint32_t read_list(uint32_t number, rt_cell_t *cells, uint32_t most)
{
	const struct rt_session_list *list = list_at(number);
	uint32_t left = list ? __atomic_load_n(&list->count, __ATOMIC_RELAXED) : 0, count = 0;
	left = left < most ? left : most;
	while (list && count < left) {
		uint32_t part = left - count < RT_LIST_CELLS ? left - count : RT_LIST_CELLS;
		for (uint32_t i = 0; i < part; i++)
			cells[count++] = __atomic_load_n(&list->cells[i], __ATOMIC_RELAXED);
		list = list_at(__atomic_load_n(&list->next, __ATOMIC_RELAXED));
	}
	return count;
}

/* ---- granules ---- */

enum { CELLS_LOG = RT_PAGE_LOG + RT_CELL_SCALE_LOG /* bytes of a page's cells */ };

/* A bit for each page's cells in the session that are there. */
static uint64_t *there;

static void have(const struct rt_granule *cells)
{
	size_t bytes = RT_SESSION_SHADOW_BYTES >> (CELLS_LOG + 3),
	       number = (size_t)((const char *)cells - rt_session.shadow) >> CELLS_LOG;
	uint64_t bit = (uint64_t)1 << number % 64, *known = __atomic_load_n(&there, __ATOMIC_ACQUIRE);
	if (!known && (known = rt_reserve(bytes, bytes, &bytes)))
		__atomic_store_n(
			&there, known, __ATOMIC_RELEASE); /* of two one is wasted, which costs no memory */
	if (known && __atomic_load_n(&known[number / 64], __ATOMIC_RELAXED) & bit)
		return;
	rt_fault_have(cells, (size_t)1 << CELLS_LOG);
	if (known)
		__atomic_fetch_or(&known[number / 64], bit, __ATOMIC_RELAXED);
}

void rt_shared_use(const struct rt_shared_range *range, uintptr_t address)
{
	uint8_t *state = rt_page_state(address);
	if (RT_LIKELY(__atomic_load_n(state, __ATOMIC_RELAXED) & RT_PAGE_USED))
		return;
	have(rt_shared_granule(range, address & ~(uintptr_t)(RT_PAGE_BYTES - 1)));
	__atomic_fetch_or(state, RT_PAGE_USED, __ATOMIC_RELAXED);
}

struct rt_granule *rt_shared_granule_at(uintptr_t address)
{
	struct rt_shared_range range;
	if (!rt_shared_at(address, &range))
		return NULL;
	rt_shared_use(&range, address);
	return rt_shared_granule(&range, address);
}

/* The cells of what the granule held at one moment. */
static uint32_t cells_of(const struct rt_granule *seen, rt_cell_t *cells, uint32_t most)
{
	if (rt_cell_is_tag(seen->cell[1]))
		return read_list(list_of(seen->cell[1]), cells, most);
	uint32_t count = 0;
	for (unsigned i = RT_GRANULE_CELLS; i-- > 0;)
		if (seen->cell[i])
			cells[count++] = seen->cell[i];
	return count;
}

uint32_t rt_shared_cells(struct rt_granule *granule, rt_cell_t *cells, uint32_t most)
{
	struct rt_granule seen;
	uint32_t count;
	do {
		seen = rt_granule_load(granule);
		count = cells_of(&seen, cells, most);
	} while (rt_cell_is_tag(seen.cell[1]) &&
		 __atomic_load_n(&granule->cell[1], __ATOMIC_ACQUIRE) != seen.cell[1]);
	return count;
}

/* Puts cells, the newest last, in the place of what was seen. False: it was there no more. */
static bool put_cells(
	struct rt_granule *granule, struct rt_granule *seen, const rt_cell_t *cells, uint32_t count)
{
	bool listed = rt_cell_is_tag(seen->cell[1]);
	uint64_t changes = listed ? (seen->cell[1] >> CHANGES_SHIFT) + 1 : 0;
	struct rt_granule next = {{count ? cells[count - 1] : 0, count > 1 ? cells[count - 2] : 0}};
	uint32_t list = 0, old = listed ? list_of(seen->cell[1]) : 0;
	if (count > RT_GRANULE_CELLS && (list = make_list(cells, count))) {
		next.cell[0] = rt_overflow_filter(cells, count, cells[count - 1]);
		next.cell[1] = RT_CELL_TAG | (changes & ((1u << CHANGES_BITS) - 1)) << CHANGES_SHIFT | list;
	} else if (count > RT_GRANULE_CELLS) {
		rt_count(RT_COUNTER_NO_SESSION);
	}
	bool put = rt_granule_swap(granule, seen, next);
	give_lists(put ? old : list);
	return put;
}

void rt_shared_forget(struct rt_granule *granule, uint8_t mask)
{
	rt_cell_t cells[FEW];
	struct rt_granule seen = rt_granule_load(granule);
	uint32_t count, kept;
	do {
		count = cells_of(&seen, cells, FEW);
		kept = 0;
		for (uint32_t i = 0; i < count; i++)
			if (rt_cell_mask(cells[i] &= ~(rt_cell_t)mask))
				cells[kept++] = cells[i];
	} while (!put_cells(granule, &seen, cells, kept));
}

/* ---- accesses ---- */

/* What is not understood may be of a block that was not met before. */
static bool is_ordered(const struct rt_thread *self, rt_cell_t cell)
{
	return rt_cell_ordered(self, cell) ||
	       (rt_abroad_learn_block(rt_cell_segment(cell) >> RT_EPOCH_BITS) && rt_cell_ordered(self, cell));
}

static bool is_cell(rt_cell_t cell)
{
	uint32_t block = rt_cell_segment(cell) >> RT_EPOCH_BITS;
	return rt_cell_mask(cell) && block >= RT_SESSION_FIRST_BLOCK && block < RT_THREAD_BLOCKS;
}

/* The bytes of `mask` that accesses of this epoch, as strong, have not covered. */
static uint8_t not_covered(const rt_cell_t *cells, uint32_t count, rt_cell_t mine, uint8_t mask)
{
	for (uint32_t i = 0; i < count; i++)
		if (rt_cell_segment(cells[i]) == rt_cell_segment(mine) && rt_cell_is_stronger(cells[i], mine))
			mask &= (uint8_t)~rt_cell_mask(cells[i]);
	return mask;
}

/* What is kept of an older cell where `fresh` is stored, as rt_cell_rest has it; 0: nothing. */
static rt_cell_t rest(const struct rt_thread *self, rt_cell_t old, rt_cell_t *fresh)
{
	if (!((old ^ *fresh) & ~0xffull)) {
		*fresh |= old & 0xff;
		return 0;
	}
	if (is_ordered(self, old) && rt_cell_is_stronger(*fresh, old))
		old &= ~(*fresh & 0xff);
	return rt_cell_mask(old) ? old : 0;
}

/* What races with the access among the cells that were there. */
static RT_COLD void note_races(
	struct rt_access *access, uintptr_t at, const rt_cell_t *cells, uint32_t count, rt_cell_t mine)
{
	for (uint32_t i = 0; i < count; i++) {
		unsigned both = rt_cell_mask(cells[i]) & rt_cell_mask(mine);
		if (!rt_cells_conflict(cells[i], mine) || is_ordered(access->self, cells[i]))
			continue;
		rt_access_note(access, cells[i], at + (unsigned)__builtin_ctz(both),
			at + 32 - (unsigned)__builtin_clz(both), true);
	}
}

/* The cell that the access leaves: made once, and of the session. */
static bool make_cell(struct rt_access *access, const struct rt_shared_range *range, rt_cell_t *mine)
{
	struct rt_thread *self = access->self;
	if (*mine)
		return true;
	rt_thread_tick(self);
	if (!rt_abroad_settle(self))
		return false;
	rt_ctx_t context = rt_site_leaf(self, access->site, access->kind, access->class);
	access->segment = self->segment;
	access->cell = rt_cell_make(self->segment, context, false, false, 0) | access->kinds;
	uint32_t stack = rt_published_stack(context, rt_shared_mapping(range));
	*mine = rt_cell_make(self->segment, stack, false, false, 0) | access->kinds;
	return true;
}

static RT_COLD void lose(void)
{
	rt_count(RT_COUNTER_NO_SESSION);
}

/* For the cells of a list; NULL: no memory. */
static rt_cell_t *room_of(struct rt_thread *self)
{
	if (!self->shared_cells)
		self->shared_cells = rt_alloc(RT_SHARED_ROOM);
	return self->shared_cells;
}

static void check_granule(struct rt_access *access, const struct rt_shared_range *range, uintptr_t at,
	uint8_t mask, rt_cell_t *mine)
{
	rt_cell_t few[RT_GRANULE_CELLS + 1], *cells = few;
	const rt_cell_t what = rt_cell_make(access->segment, 0, false, false, 0) | access->kinds;
	struct rt_granule *granule = rt_shared_granule(range, at), seen = rt_granule_load(granule);
	for (;;) {
		if (rt_cell_is_tag(seen.cell[1]) && !(cells = room_of(access->self))) {
			lose();
			return;
		}
		uint32_t count = cells_of(&seen, cells, RT_SHARED_CELLS), kept = 0,
			 noted = access->race_count;
		if (!not_covered(cells, count, *mine ? *mine : what, mask))
			return;
		if (!make_cell(access, range, mine)) {
			lose();
			return;
		}
		rt_cell_t fresh = *mine | mask;
		note_races(access, at, cells, count, fresh);
		for (uint32_t i = 0; i < count; i++) {
			rt_cell_t keep = is_cell(cells[i]) ? rest(access->self, cells[i], &fresh) : 0;
			if (keep)
				cells[kept++] = keep;
		}
		cells[kept++] = fresh;
		if (put_cells(granule, &seen, cells, kept))
			return;
		access->race_count = noted;
	}
}

void rt_shared_check(struct rt_access *access, uintptr_t at, uintptr_t end)
{
	struct rt_shared_range range;
	rt_cell_t mine = 0;
	if (access->kind == RT_UNMAP) /* no access of what others see: rt_shared_unmap looks after it */
		return;
	if (!rt_shared_find(at, &range)) /* another thread is unmapping it */
		return;
	rt_shared_use(&range, at);
	for (; at < end; at += RT_GRANULE_BYTES)
		check_granule(access, &range, at, rt_granule_mask(at, access->address, end), &mine);
	if (!mine && !range.shown)
		rt_shared_known(access->address);
}

/* ---- the end of a mapping ---- */

/* What threads of this process did by this mapping, in no order with the unmapping. Others' mappings stay. */
static void check_unmapped(struct rt_access *access, const struct rt_shared_range *range, uintptr_t at,
	struct rt_granule *granule)
{
	rt_cell_t cells[FEW];
	uint32_t count = granule->cell[0] ? rt_shared_cells(granule, cells, FEW) : 0;
	for (uint32_t i = 0; i < count; i++) {
		struct rt_session_owner owner;
		if (is_cell(cells[i]) && !is_ordered(access->self, cells[i]) &&
			rt_abroad_owner(rt_cell_segment(cells[i]), &owner) && rt_abroad_is_own(&owner) &&
			rt_published_read(rt_cell_context(cells[i])).mapping == range->published)
			rt_access_note(access, cells[i], at, at + RT_GRANULE_BYTES, true);
	}
}

static void check_part(
	struct rt_access *access, const struct rt_shared_range *range, uintptr_t low, uintptr_t high)
{
	for (uintptr_t at = low; at < high; at += RT_PAGE_BYTES) {
		struct rt_granule *page = rt_shared_granule(range, at);
		if (!(__atomic_load_n(rt_page_state(at), __ATOMIC_RELAXED) & RT_PAGE_USED))
			continue;
		for (unsigned i = 0; i < RT_PAGE_GRANULES; i++)
			check_unmapped(access, range, at + i * RT_GRANULE_BYTES, &page[i]);
	}
}

void rt_shared_unmap(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes)
{
	struct rt_shared_range range;
	uintptr_t end = (address + bytes + RT_PAGE_BYTES - 1) & ~(uintptr_t)(RT_PAGE_BYTES - 1);
	struct rt_access access; /* field by field: the races are many bytes */
	access.self = self;
	access.site = site;
	access.address = address;
	access.bytes = bytes;
	access.kind = RT_UNMAP;
	access.kinds = rt_kind_bits[RT_UNMAP];
	access.race_count = 0;
	for (uintptr_t at = address; RT_UNLIKELY(rt_shared_count != 0) && rt_shared_next(at, end, &range);
		at = range.high) {
		uintptr_t low = range.low > at ? range.low : at, high = range.high < end ? range.high : end;
		if (!range.mapping && !(rt_watching & RT_WATCH_THREADS))
			continue; /* nobody was told of it */
		rt_ctx_t context = rt_site_leaf(self, site, RT_UNMAP, RT_CLASS_DATA);
		access.cell = rt_cell_make(0, context, false, false, 0);
		if (rt_watching & RT_WATCH_THREADS)
			check_part(&access, &range, low, high);
		rt_shared_tell_gone(&range, low, high, rt_published_stack(context, 0));
		rt_access_report(&access);
		access.race_count = 0;
	}
}
