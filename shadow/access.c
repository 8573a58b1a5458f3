#include "access.h"

#include "counters.h"
#include "finding.h"
#include "overflow.h"

struct rt_space rt_cells;

/* One access while it is being checked. */
struct access {
	struct rt_thread *self;
	struct rt_site *site;
	uintptr_t address;
	size_t bytes;
	enum rt_access_kind kind;
	enum rt_class class;
	bool write, atomic;
	rt_cell_t cell; /* what it leaves, less the mask; 0: not made yet */
	struct rt_race races[RT_RACES_MOST];
	unsigned race_count;
};

static const bool kind_writes[] = {
#define RT_KIND(symbol, word, is_write) is_write,
#include "kinds.def"
#undef RT_KIND
};

bool rt_access_init(bool directory_only)
{
	return rt_space_init(&rt_cells, RT_CELL_SCALE_LOG, directory_only) && rt_overflow_init();
}

/* The cell to leave: ticks, walks the stack. Only when something has to be stored. */
static RT_COLD void make_cell(struct access *access)
{
	struct rt_thread *self = access->self;
	rt_thread_tick(self);
	rt_ctx_t callers = rt_context_callers(self, access->site);
	rt_ctx_t context =
		rt_context_leaf(callers, access->site->function, access->kind, access->class, self->lockset);
	access->cell = rt_cell_make(self->segment, context, access->write, access->atomic, 0);
}

static void note_race(struct access *access, uintptr_t granule, rt_cell_t old, uint8_t mask)
{
	uint8_t both = rt_cell_mask(old) & mask;
	uintptr_t low = granule + (unsigned)__builtin_ctz(both);
	uintptr_t high = granule + 32 - (unsigned)__builtin_clz(both);
	old &= ~0xffull; /* the same access in the next granule has another mask */
	for (unsigned i = 0; i < access->race_count; i++) {
		struct rt_race *race = &access->races[i];
		if (race->cell != old)
			continue;
		race->low = low < race->low ? low : race->low;
		race->high = high > race->high ? high : race->high;
		return;
	}
	if (access->race_count < RT_RACES_MOST)
		access->races[access->race_count++] = (struct rt_race){old, low, high};
}

/* The cell of the same thread, epoch and kind, or a stronger one, already covers these bytes. */
static bool already_there(const struct access *access, rt_cell_t cell, uint8_t mask)
{
	if (access->self->tick_pending || rt_cell_segment(cell) != access->self->segment)
		return false;
	return rt_cell_covers(cell, access->cell | mask | (access->write ? RT_CELL_WRITE : 0) |
					    (access->atomic ? RT_CELL_ATOMIC : 0));
}

/* What becomes of an older cell when the access with this mask arrives: true to keep it. A cell of the same access with
 * other bytes melts into `fresh`, which is what will be stored. */
static bool keep_old(struct access *access, uintptr_t granule, rt_cell_t old, uint8_t mask, rt_cell_t *fresh)
{
	if (!old)
		return false;
	bool ordered = rt_cell_ordered(access->self, old);
	if (!ordered && rt_cells_conflict(old, access->cell | mask))
		note_race(access, granule, old, mask);
	if (!((old ^ *fresh) & ~0xffull)) {
		*fresh |= old & 0xff;
		return false;
	}
	return !(ordered && rt_cell_covers(*fresh, old));
}

static RT_COLD void check_overflowed(struct access *access, uintptr_t at, struct rt_granule *granule,
	struct rt_overflow *list, uint8_t mask)
{
	rt_cell_t fresh = access->cell | mask;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < list->count; i++)
		if (keep_old(access, at, list->cells[i], mask, &fresh))
			list->cells[kept++] = list->cells[i];
	list->count = kept;
	rt_cell_t first = granule->cell[0];
	if (keep_old(access, at, first, mask, &fresh) && !rt_overflow_push(list, first))
		rt_count(RT_COUNTER_NO_OVERFLOW);
	rt_overflow_unlock(granule, list, fresh);
}

static void check_granule(struct access *access, uintptr_t at, struct rt_granule *granule, uint8_t mask)
{
	struct rt_granule old;
	old.cell[0] = __atomic_load_n(&granule->cell[0], __ATOMIC_RELAXED);
	if (already_there(access, old.cell[0], mask))
		return;
	old.cell[1] = __atomic_load_n(&granule->cell[1], __ATOMIC_RELAXED);
	if (already_there(access, old.cell[1], mask))
		return;
	if (!access->cell)
		make_cell(access);
	for (;;) {
		rt_cell_t fresh = access->cell | mask;
		if (RT_UNLIKELY(rt_cell_is_tag(old.cell[1]))) {
			struct rt_overflow *list = rt_overflow_lock(granule);
			if (list) {
				check_overflowed(access, at, granule, list, mask);
				return;
			}
			old.cell[0] = __atomic_load_n(&granule->cell[0], __ATOMIC_RELAXED);
			old.cell[1] = __atomic_load_n(&granule->cell[1], __ATOMIC_RELAXED);
			continue;
		}
		rt_cell_t kept[RT_GRANULE_CELLS];
		uint32_t count = 0;
		for (unsigned i = 0; i < RT_GRANULE_CELLS; i++)
			if (keep_old(access, at, old.cell[i], mask, &fresh))
				kept[count++] = old.cell[i];
		struct rt_granule next = {{fresh, count ? kept[0] : 0}};
		uint32_t list = 0;
		if (count == RT_GRANULE_CELLS) {
			list = rt_overflow_create(kept, count);
			if (!list)
				rt_count(RT_COUNTER_NO_OVERFLOW);
			else
				next.cell[1] = RT_CELL_TAG | list;
		}
		if (rt_granule_swap(granule, &old, next))
			return;
		if (list)
			rt_overflow_cancel(list);
	}
}

static void check_range(struct access *access)
{
	uintptr_t at = access->address & ~(uintptr_t)(RT_GRANULE_BYTES - 1);
	uintptr_t end = access->address + access->bytes;
	while (at < end) {
		size_t run;
		struct rt_granule *granule = (struct rt_granule *)rt_space_at(&rt_cells, at, &run, true);
		if (RT_UNLIKELY(!granule)) {
			rt_count(RT_COUNTER_NO_SHADOW);
			if (end - at <= run)
				return;
			at += run;
			continue;
		}
		uintptr_t stop = end - at > run ? at + run : end;
		for (; at < stop; at += RT_GRANULE_BYTES, granule++) {
			uint8_t mask = 0xff;
			if (at < access->address)
				mask = (uint8_t)(mask << (access->address - at));
			if (end - at < RT_GRANULE_BYTES)
				mask &= (uint8_t)((1u << (end - at)) - 1);
			check_granule(access, at, granule, mask);
		}
	}
}

static void report_races(struct access *access)
{
	for (unsigned i = 0; i < access->race_count; i++)
		rt_finding_race(access->self, rt_cell_context(access->cell), access->address, access->bytes,
			access->atomic, &access->races[i]);
}

void rt_access(struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes,
	enum rt_access_kind kind, enum rt_class class)
{
	if (!rt_watching || !bytes || self->ignore_accesses)
		return;
	uintptr_t low = (uintptr_t)address;
	if (RT_UNLIKELY(low + bytes < low || (low + bytes) >> RT_USER_LOG))
		return; /* no program memory: whatever happens there is the program's own fault */
	struct access access = {
		.self = self,
		.site = site,
		.address = low,
		.bytes = bytes,
		.kind = kind,
		.class = class,
		.write = kind_writes[kind],
	};
	check_range(&access);
	rt_count(RT_COUNTER_ACCESSES);
	if (RT_UNLIKELY(access.race_count))
		report_races(&access);
}

/* Takes bytes out of every cell of a granule that the range covers only in part. */
static void forget_bytes(uintptr_t at, uint8_t mask)
{
	size_t run;
	struct rt_granule *granule = (struct rt_granule *)rt_space_at(&rt_cells, at, &run, false);
	if (!granule)
		return;
	struct rt_overflow *list = rt_overflow_lock(granule);
	if (list) {
		uint32_t kept = 0;
		for (uint32_t i = 0; i < list->count; i++)
			if (rt_cell_mask(list->cells[i] &= ~(rt_cell_t)mask))
				list->cells[kept++] = list->cells[i];
		list->count = kept;
		rt_cell_t first = granule->cell[0] & ~(rt_cell_t)mask;
		rt_overflow_unlock(granule, list, rt_cell_mask(first) ? first : 0);
		return;
	}
	struct rt_granule old = *granule, fresh;
	do {
		for (unsigned i = 0; i < RT_GRANULE_CELLS; i++) {
			fresh.cell[i] = old.cell[i] & ~(rt_cell_t)mask;
			if (!rt_cell_mask(fresh.cell[i]))
				fresh.cell[i] = 0;
		}
		if (rt_cell_is_tag(old.cell[1])) {
			forget_bytes(at, mask);
			return;
		}
	} while (!rt_granule_swap(granule, &old, fresh));
}

static void forget_piece(void *argument, uintptr_t address, char *metadata, size_t program_bytes)
{
	(void)argument, (void)address;
	struct rt_granule *granule = (struct rt_granule *)metadata;
	for (size_t i = 0; i < program_bytes / RT_GRANULE_BYTES; i++)
		if (rt_cell_is_tag(granule[i].cell[1]))
			rt_overflow_drop(&granule[i]);
}

void rt_cells_forget(uintptr_t address, size_t bytes)
{
	const uintptr_t inside = RT_GRANULE_BYTES - 1;
	uintptr_t end = address + bytes, from = (address + inside) & ~inside, to = end & ~inside;
	if (address & inside && bytes) {
		unsigned first = address & inside,
			 last = end < from ? (unsigned)(end & inside) : RT_GRANULE_BYTES;
		forget_bytes(address & ~inside, (uint8_t)(((1u << last) - 1) & ~((1u << first) - 1)));
	}
	if (end & inside && to >= from)
		forget_bytes(to, (uint8_t)((1u << (end & inside)) - 1));
	if (to <= from)
		return;
	if (rt_overflow_used())
		rt_space_walk(&rt_cells, from, to - from, forget_piece, NULL);
	rt_space_clear(&rt_cells, from, to - from);
}
