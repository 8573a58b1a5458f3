#include "access.h"

#include "counters.h"
#include "finding.h"
#include "late.h"
#include "overflow.h"
#include "owner.h"
#include "shared.h"
#include "shared_finding.h"
#include "single.h"
#include "sys.h"
#include "vacant.h"
#include "unite.h"

struct rt_space rt_cells;

/* No cell's: blocks of threads do not reach it. */
#define NO_SEGMENT UINT32_MAX

const rt_cell_t rt_kind_bits[] = {
#define RT_KIND(symbol, word, is_write, is_atomic)                                                           \
	(is_write ? RT_CELL_WRITE : 0) | (is_atomic ? RT_CELL_ATOMIC : 0),
#include "kinds.def"
#undef RT_KIND
};

_Static_assert(RT_READ < RT_WRITE && RT_WRITE < RT_FREE && RT_CHANGE < RT_ATOMIC_READ,
	"loads and stores are outside");

bool rt_access_init(bool directory_only)
{
	rt_page_init(directory_only);
	return rt_space_init(&rt_cells, RT_CELL_SCALE_LOG, directory_only) &&
	       rt_overflow_init(rt_cells.linear);
}

/* The cell to leave: ticks, walks the stack. Only when something has to be stored. */
static void make_cell(struct rt_access *access)
{
	struct rt_thread *self = access->self;
	rt_thread_tick(self);
	rt_ctx_t context = rt_site_leaf(self, access->site, access->kind, access->class);
	access->segment = access->kind == RT_FREE ? rt_thread_aside(self) : self->segment;
	access->cell = rt_cell_make(access->segment, context, false, false, 0) | access->kinds;
}

void rt_access_note(struct rt_access *access, rt_cell_t old, uintptr_t low, uintptr_t high, bool shared)
{
	old &= ~0xffull; /* the same access in the next granule has another mask */
	for (unsigned i = 0; i < access->race_count; i++) {
		struct rt_race *race = &access->races[i];
		if (race->cell != old || race->shared != shared)
			continue;
		/* Of many accesses that one place made, with gaps between, the first is told of. */
		if (low == race->high)
			race->high = high;
		return;
	}
	if (access->race_count < RT_RACES_MOST)
		access->races[access->race_count++] = (struct rt_race){old, low, high, shared};
}

/* The same of each part of `old`, a cell for the granule at `at` or for a whole page. */
static RT_COLD void note_races(
	struct rt_access *access, uintptr_t at, size_t span, rt_cell_t old, uint8_t mask)
{
	rt_cell_t parts[RT_PATTERN_PARTS];
	unsigned count = rt_pattern_parts(old, parts);
	for (unsigned i = 0; i < count; i++) {
		unsigned both = rt_cell_mask(parts[i]) & mask;
		unsigned first = both ? (unsigned)__builtin_ctz(both) : 0;
		if (both && span == RT_GRANULE_BYTES)
			rt_access_note(access, parts[i], at + first,
				at + first + (unsigned)__builtin_ctz(~(both >> first)), false);
		else if (both)
			rt_access_note(access, parts[i], at, at + span, false);
	}
}

/* The bytes of `mask` that an access of this thread, in this epoch, and as strong, has not covered already: what races
 * with one of the others races with that access, too. */
static uint8_t not_there(const struct rt_access *access, rt_cell_t cell, uint8_t mask)
{
	bool is_free = rt_context_is_free(rt_cell_context(cell));
	if (access->segment != NO_SEGMENT && rt_cell_is_present(access->self, cell) &&
		is_free == (access->kind == RT_FREE) && rt_cell_is_stronger(cell, access->kinds))
		mask &= (uint8_t)~rt_cell_mask(cell);
	return mask;
}

/* What was freed, and was not allocated again: an allocation would have forgotten it. */
static bool is_used_after_free(const struct rt_access *access, rt_cell_t old, uint8_t mask)
{
	return (old & RT_CELL_WRITE) && (old & mask & 0xff) && rt_context_is_free(rt_cell_context(old)) &&
	       (access->kind <= RT_WRITE || access->kind >= RT_ATOMIC_READ);
}

/* rt_cell_rest, when the access with this mask arrives, which is told of what it runs into. `span`: bytes that the cells stand
 * for, a granule's or a page's. */
static rt_cell_t keep_old(
	struct rt_access *access, uintptr_t at, size_t span, rt_cell_t old, uint8_t mask, rt_cell_t *fresh)
{
	if (!old)
		return 0;
	bool ordered = rt_cell_ordered(access->self, old);
	if (RT_UNLIKELY(ordered ? is_used_after_free(access, old, mask)
				: rt_cells_conflict(old, access->cell | mask)))
		note_races(access, at, span, old, mask);
	return rt_cell_rest(old, ordered, fresh);
}

static RT_COLD rt_cell_t check_overflowed(struct rt_access *access, uintptr_t at, struct rt_granule *granule,
	struct rt_overflow *list, uint8_t mask)
{
	for (uint32_t i = 0; i < list->count; i++)
		mask = not_there(access, list->cells[i], mask);
	if (!mask) /* another access that put ours into a list: see check_granule */
		return rt_overflow_unlock(
			granule, list, rt_overflow_filter(list->cells, list->count, access->cell));
	rt_cell_t fresh = access->cell | mask;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < list->count; i++) {
		rt_cell_t keep = keep_old(access, at, RT_GRANULE_BYTES, list->cells[i], mask, &fresh);
		if (keep)
			list->cells[kept++] = keep;
	}
	list->count = kept <= RT_OVERFLOW_SHORT ? rt_cells_unite_all(access->self, list->cells, kept) : kept;
	if (!rt_overflow_push(list, fresh))
		rt_count(RT_COUNTER_NO_OVERFLOW);
	rt_overflow_leave_room(list);
	rt_list_hint_set(access->self, granule->cell[1], list);
	rt_cell_t left =
		rt_overflow_unlock(granule, list, rt_overflow_filter(list->cells, list->count, fresh));
	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* before the look for a fold */
	return left;
}

/* Puts the access into a granule that is not folded; returns the cell it left as the granule's first. */
static rt_cell_t change_granule(struct rt_access *access, uintptr_t at, struct rt_granule *granule,
	struct rt_granule old, uint8_t mask)
{
	for (;;) {
		if (RT_UNLIKELY(rt_cell_is_tag(old.cell[1]))) {
			struct rt_overflow *list = rt_overflow_lock(granule);
			if (list)
				return check_overflowed(access, at, granule, list, mask);
			old = rt_granule_load(granule);
			continue;
		}
		if (RT_UNLIKELY(rt_cell_is_page(old.cell[1])))
			return 0;
		rt_cell_t kept[RT_GRANULE_CELLS + 1], fresh = access->cell | mask;
		uint32_t count = 0;
		for (unsigned i = 0; i < RT_GRANULE_CELLS; i++) {
			rt_cell_t keep = keep_old(access, at, RT_GRANULE_BYTES, old.cell[i], mask, &fresh);
			if (keep)
				kept[count++] = keep;
		}
		count = rt_cells_unite_all(access->self, kept, count);
		struct rt_granule next = {{fresh, count ? kept[0] : 0}};
		uint32_t list = 0;
		if (count == RT_GRANULE_CELLS) {
			kept[count] = fresh;
			list = rt_overflow_create(kept, &next);
		}
		if (rt_granule_swap(granule, &old, next))
			return next.cell[0];
		if (list)
			rt_overflow_cancel(list);
	}
}

static void check_granule(struct rt_access *access, uintptr_t at, struct rt_granule *page,
	struct rt_granule *granule, uint8_t mask)
{
	struct rt_granule old = rt_granule_load(granule);
	mask = not_there(access, old.cell[0], mask);
	mask = not_there(access, old.cell[1], mask);
	if (!mask)
		return;
	if (!access->cell)
		make_cell(access);
	for (;;) {
		if (rt_page_is_folded(at, page)) {
			rt_page_unfold(at, page);
			old = rt_granule_load(granule);
		}
		rt_cell_t left = change_granule(access, at, granule, old, mask);
		/* See page.h: it counts only if no fold came in between. If it is another access that put ours away, doing
		 * it again costs time and changes nothing. */
		old = rt_granule_load(granule);
		if (left && !rt_page_is_folded(at, page) && (old.cell[0] == left || old.cell[1] == left))
			return;
	}
}

/* A locked page that is not folded, and that the access covers: true when nothing needs to be kept of any granule. A change
 * between two looks comes after the lock: whoever makes it sees that, and does it again. */
static bool nothing_to_keep(
	struct rt_access *access, uintptr_t at, struct rt_granule *page, const struct rt_granule *first)
{
	rt_cell_t seen = 0; /* the cell that was looked at last: the next granules mostly hold the same */
	for (unsigned i = 0; i < RT_PAGE_GRANULES; i++) {
		struct rt_granule granule = *first;
		if (i)
			granule = rt_granule_look(&page[i]);
		if (rt_cell_is_tag(granule.cell[1]))
			return false;
		for (unsigned c = 0; c < RT_GRANULE_CELLS; c++) {
			rt_cell_t old = granule.cell[c], fresh = access->cell | 0xff;
			if (!old || old == seen)
				continue;
			if (keep_old(
				    access, at + i * RT_GRANULE_BYTES, RT_GRANULE_BYTES, old, 0xff, &fresh) ||
				fresh != (access->cell | 0xff))
				return false;
			seen = rt_cell_ordered(access->self, old) ? old : 0;
		}
	}
	return true;
}

/* A first look at shadow memory that reads would get the kernel's page of zeros, and the write after it another fault
 * that stops all processors: the first look is a write. */
static void prefault(struct rt_granule *granule)
{
	__atomic_fetch_or(&granule->cell[1], 0, __ATOMIC_RELAXED);
}

/* An access to all of a page. False: it has to go granule by granule. */
static bool check_page(struct rt_access *access, uintptr_t at, struct rt_granule *page)
{
	struct rt_granule first;
	bool folded, done = false;
	if (RT_UNLIKELY(!rt_page_is_touched(at)))
		prefault(page);
	if (rt_page_is_folded(at, page) && !not_there(access, page[0].cell[0], 0xff))
		return true;
	if (!access->cell)
		make_cell(access);
	rt_page_take(at, page);
	if (!rt_page_lock(at, page, &first, &folded))
		return false;
	rt_cell_t fresh = access->cell | 0xff;
	if (folded) {
		rt_cell_t a = keep_old(access, at, RT_PAGE_BYTES, first.cell[0], 0xff, &fresh);
		rt_cell_t b = keep_old(access, at, RT_PAGE_BYTES, first.cell[1], 0xff, &fresh);
		if ((done = !a || !b))
			rt_page_fold(page, fresh, a ? a : b);
	} else if (!rt_page_is_touched(at)) {
		rt_page_fold(page, fresh, 0);
		done = true;
	} else if ((done = nothing_to_keep(access, at, page, &first))) {
		rt_page_clear(page);
		rt_page_fold(page, fresh, 0);
	}
	if (!done)
		rt_page_unlock(at, page, &first, folded);
	rt_page_touch(at);
	return done;
}

/* The part of an access that lies in one page. */
static void check_part(struct rt_access *access, uintptr_t at, uintptr_t end, struct rt_granule *page)
{
	if (rt_page_is_shared(at, page)) {
		rt_shared_check(access, at, end);
		return;
	}
	if (RT_UNLIKELY(!rt_page_is_touched(at))) {
		prefault(page);
		prefault(page + (at % RT_PAGE_BYTES) / RT_GRANULE_BYTES);
		rt_page_touch(at);
	}
	rt_page_open(at, page); /* what its granules hold would not count */
	struct rt_words words = {at, access->address, end, page + (at % RT_PAGE_BYTES) / RT_GRANULE_BYTES};
	for (;;) {
		rt_words_skip(&words, rt_cell_make(access->segment, 0, false, false, 0) | access->kinds);
		if (words.at >= end)
			return;
		if (!access->cell)
			make_cell(access);
		rt_words_record(access->self, &words, access->cell);
		if (words.at >= end)
			return;
		check_granule(access, words.at, page, words.granule,
			rt_granule_mask(words.at, words.low, words.end));
		rt_words_next(&words);
	}
}

enum { ASK_BYTES = 2 << 20 };

/* Sizes of megabytes may be nonsense that the real function will fault on, or the kernel refuse: nothing is recorded for
 * what is not mapped. `at` is a page's start. */
static bool is_mapped(uintptr_t at, uintptr_t end)
{
	unsigned char pages[ASK_BYTES / RT_PAGE_BYTES];
	size_t bytes = end - at < ASK_BYTES ? end - at : ASK_BYTES;
	return !rt_sys_failed(rt_syscall(__NR_mincore, (long)at, (long)bytes, (long)pages, 0, 0, 0));
}

static void check_word(struct rt_access *access)
{
	size_t run;
	uintptr_t at = access->address, start = at & ~(uintptr_t)(RT_PAGE_BYTES - 1);
	struct rt_granule *page = (struct rt_granule *)rt_space_at(&rt_cells, start, &run, true);
	if (RT_LIKELY(page != NULL))
		check_part(access, at & ~(uintptr_t)(RT_GRANULE_BYTES - 1), at + access->bytes, page);
	else
		rt_count(RT_COUNTER_NO_SHADOW);
}

enum { VACANT_BYTES = 1 << 15 }; /* a smaller block's pages are folded: they are used again */

/* The pages of a large range of which nothing is recorded go, and take no memory for that. */
static bool leaves_vacant(struct rt_access *access)
{
	const uintptr_t inside = RT_PAGE_BYTES - 1;
	uintptr_t end = access->address + access->bytes;
	if (access->bytes <= VACANT_BYTES || (access->kind != RT_FREE && access->kind != RT_UNMAP))
		return false;
	make_cell(access);
	rt_vacant_put((access->address + inside) & ~inside, end & ~inside, access->cell | 0xff);
	return true;
}

static void check_range(struct rt_access *access)
{
	bool large = access->bytes >= ASK_BYTES, leaves = leaves_vacant(access);
	uintptr_t at = access->address & ~(uintptr_t)(RT_GRANULE_BYTES - 1);
	uintptr_t first = at, end = access->address + access->bytes;
	while (at < end) {
		size_t run;
		uintptr_t start = at & ~(uintptr_t)(RT_PAGE_BYTES - 1), stop = start + RT_PAGE_BYTES;
		stop = stop < end ? stop : end;
		if (RT_UNLIKELY(large) && (at == first || !(start % ASK_BYTES)) && !is_mapped(start, end))
			return;
		struct rt_granule *page = (struct rt_granule *)rt_space_at(&rt_cells, start, &run, true);
		if (RT_UNLIKELY(!page))
			rt_count(RT_COUNTER_NO_SHADOW);
		else if (leaves && rt_page_has_state(page) && rt_page_is_vacant(start))
			(void)0; /* said */
		else if (access->address > start || stop - start < RT_PAGE_BYTES ||
			 rt_page_is_shared(at, page) || !check_page(access, at, page))
			check_part(access, at, stop, page);
		at = stop;
	}
}

void rt_access_report(struct rt_access *access)
{
	for (unsigned i = 0; i < access->race_count; i++) {
		const struct rt_race *race = &access->races[i];
		if (!race->shared &&
			rt_late_is(access->self, access->kind, race->cell, access->address, access->bytes))
			continue;
		(race->shared ? rt_shared_race : rt_finding_race)(access->self, rt_cell_context(access->cell),
			access->address, access->bytes, access->kinds & RT_CELL_ATOMIC, race);
	}
}

bool rt_access_check(struct rt_access *access, struct rt_thread *self, struct rt_site *site,
	const volatile void *address, size_t bytes, enum rt_access_kind kind, enum rt_class class)
{
	access->race_count = 0;
	uintptr_t low = (uintptr_t)address;
	if (!(rt_watching & ~RT_WATCH_SESSION) || !bytes || self->ignore_accesses ||
		rt_single_skips(low, bytes))
		return false;
	if (RT_UNLIKELY(low + bytes < low || (low + bytes) >> RT_USER_LOG))
		return false; /* no program memory: whatever happens there is the program's own fault */
	access->self = self;  /* field by field: the races are many bytes, and seldom used */
	access->site = site;
	access->address = low;
	access->bytes = bytes;
	access->kind = kind;
	access->class = class;
	access->segment = self->tick_pending || kind == RT_FREE ? NO_SEGMENT : self->segment;
	access->kinds = rt_kind_bits[kind];
	access->cell = 0;
	if (low % RT_GRANULE_BYTES + bytes <= RT_GRANULE_BYTES)
		check_word(access);
	else
		check_range(access);
	rt_access_allow_look(self);
	self->counts[RT_COUNTER_ACCESSES]++;
	return access->race_count != 0;
}

void rt_access(struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes,
	enum rt_access_kind kind, enum rt_class class)
{
	struct rt_access access;
	if (RT_UNLIKELY(rt_access_check(&access, self, site, address, bytes, kind, class)))
		rt_access_report(&access);
}
