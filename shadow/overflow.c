#include "overflow.h"

#include "arena.h"
#include "counters.h"

enum { LISTS_MOST = 1 << 26, LISTS_SCARCE = 1 << 22 };

static struct {
	struct rt_spin spin;
	struct rt_overflow *lists;
	uint32_t room, made, free;
} overflow;

bool rt_overflow_init(bool generous)
{
	size_t bytes = (size_t)LISTS_MOST * sizeof(struct rt_overflow);
	overflow.lists = generous ? rt_reserve_pages(bytes) : NULL;
	if (!overflow.lists)
		overflow.lists =
			rt_reserve((size_t)LISTS_SCARCE * sizeof(struct rt_overflow), 1 << 16, &bytes);
	overflow.room = (uint32_t)(bytes / sizeof(struct rt_overflow));
	overflow.made = 1;
	return overflow.lists != NULL;
}

bool rt_overflow_used(void)
{
	return __atomic_load_n(&overflow.made, __ATOMIC_RELAXED) > 1;
}

/* Fills the thread's stock. */
static RT_COLD void stock_up(struct rt_thread *self)
{
	rt_spin_lock(&overflow.spin);
	while (self->list_count < RT_LISTS_AT_HAND / 2) {
		uint32_t id = overflow.free;
		if (id)
			overflow.free = (uint32_t)overflow.lists[id].inside[0];
		else if (overflow.made < overflow.room)
			id = overflow.made++;
		else
			break;
		self->lists[self->list_count++] = id;
	}
	rt_spin_unlock(&overflow.spin);
}

static void give_back(struct rt_thread *self, uint32_t left)
{
	rt_spin_lock(&overflow.spin);
	while (self->list_count > left) {
		uint32_t id = self->lists[--self->list_count];
		overflow.lists[id].inside[0] = overflow.free;
		overflow.free = id;
	}
	rt_spin_unlock(&overflow.spin);
}

void rt_overflow_retire(struct rt_thread *thread)
{
	give_back(thread, 0);
}

static void free_cells(struct rt_overflow *list)
{
	if (list->cells != list->inside)
		rt_free(list->cells, list->room * sizeof(rt_cell_t));
}

/* Before its memory is given up: see rt_overflow_has. */
static void moves(struct rt_overflow *list)
{
	__atomic_store_n(&list->uses, list->uses + 1, __ATOMIC_RELEASE);
}

static void give_list(uint32_t id)
{
	struct rt_thread *self = rt_self;
	moves(&overflow.lists[id]);
	free_cells(&overflow.lists[id]);
	if (self->list_count == RT_LISTS_AT_HAND)
		give_back(self, RT_LISTS_AT_HAND / 2);
	self->lists[self->list_count++] = id;
}

static bool grow(struct rt_overflow *list)
{
	uint32_t room = list->room == RT_OVERFLOW_INSIDE ? 8 : 2 * list->room;
	rt_cell_t *cells = rt_alloc(room * sizeof(rt_cell_t));
	if (!cells)
		return false;
	rt_bytes_copy(cells, list->cells, list->count * sizeof(rt_cell_t));
	moves(list);
	free_cells(list);
	list->cells = cells;
	list->room = room;
	return true;
}

void rt_overflow_leave_room(struct rt_overflow *list)
{
	if (list->cells != list->inside && list->count > list->room / 2)
		grow(list);
}

bool rt_overflow_push(struct rt_overflow *list, rt_cell_t cell)
{
	if (list->count == list->room && !grow(list))
		return false;
	list->cells[list->count++] = cell;
	list->only_reads &= rt_cell_is_read(cell);
	return true;
}

bool rt_overflow_replace(struct rt_overflow *list, const rt_cell_t *cells, uint32_t count)
{
	uint32_t most = count <= list->room ? count : list->room;
	list->only_reads = true;
	for (uint32_t i = 0; i < most; i++) {
		list->cells[i] = cells[i];
		list->only_reads &= rt_cell_is_read(cells[i]);
	}
	list->count = most;
	return most == count || rt_overflow_push(list, cells[most]);
}

enum { LOOK_ROOM = 64 }; /* larger arrays may be unmapped when they are freed */

/* The list, or the memory of its cells, may become another granule's in the middle of the look: then `uses` or the tag has
 * changed at its end. Lists are never unmapped. */
bool rt_overflow_covers(const struct rt_granule *granule, rt_cell_t what)
{
	rt_cell_t tag = __atomic_load_n(&granule->cell[1], __ATOMIC_ACQUIRE),
		  filter = __atomic_load_n(&granule->cell[0], __ATOMIC_RELAXED);
	if (!rt_cell_is_tag(tag) || (tag & RT_CELL_LOCKED))
		return false;
	if (rt_cell_segment(filter) != rt_cell_segment(what) &&
		rt_cell_segment(filter) >> RT_EPOCH_BITS == rt_cell_segment(what) >> RT_EPOCH_BITS)
		return false; /* it would be its own last one's */
	const struct rt_overflow *list = &overflow.lists[rt_overflow_id(tag)];
	uint32_t uses = __atomic_load_n(&list->uses, __ATOMIC_ACQUIRE);
	const rt_cell_t *cells = __atomic_load_n(&list->cells, __ATOMIC_RELAXED);
	uint32_t count = __atomic_load_n(&list->count, __ATOMIC_RELAXED);
	bool small = __atomic_load_n(&list->room, __ATOMIC_RELAXED) <= LOOK_ROOM && count <= LOOK_ROOM;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (!small || __atomic_load_n(&list->uses, __ATOMIC_RELAXED) != uses)
		return false;
	uint8_t left = rt_cell_mask(what);
	for (uint32_t i = 0; i < count && left; i++) {
		rt_cell_t cell = __atomic_load_n(&cells[i], __ATOMIC_RELAXED);
		if (rt_cell_segment(cell) == rt_cell_segment(what) && rt_cell_is_stronger(cell, what))
			left &= (uint8_t)~rt_cell_mask(cell);
	}
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !left && __atomic_load_n(&list->uses, __ATOMIC_RELAXED) == uses &&
	       __atomic_load_n(&granule->cell[1], __ATOMIC_RELAXED) == tag;
}

uint32_t rt_overflow_create(const rt_cell_t cells[RT_GRANULE_CELLS + 1], struct rt_granule *granule)
{
	struct rt_thread *self = rt_self;
	if (RT_UNLIKELY(!self->list_count))
		stock_up(self);
	if (RT_UNLIKELY(!self->list_count)) {
		rt_count(RT_COUNTER_NO_OVERFLOW);
		return 0;
	}
	uint32_t id = self->lists[--self->list_count];
	struct rt_overflow *list = &overflow.lists[id];
	list->cells = list->inside;
	list->room = RT_OVERFLOW_INSIDE;
	list->count = 0;
	list->only_reads = true;
	for (unsigned i = 0; i <= RT_GRANULE_CELLS; i++)
		rt_overflow_push(list, cells[i]);
	granule->cell[0] = rt_overflow_filter(cells, RT_GRANULE_CELLS + 1, cells[RT_GRANULE_CELLS]);
	granule->cell[1] = RT_CELL_TAG | id;
	self->counts[RT_COUNTER_OVERFLOWS]++;
	return id;
}

struct rt_overflow *rt_overflow_lock(struct rt_granule *granule)
{
	unsigned tries = 0;
	for (;;) {
		rt_cell_t tag = __atomic_load_n(&granule->cell[1], __ATOMIC_RELAXED);
		if (!rt_cell_is_tag(tag))
			return NULL;
		if (!(tag & RT_CELL_LOCKED) &&
			__atomic_compare_exchange_n(&granule->cell[1], &tag, tag | RT_CELL_LOCKED, false,
				__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return &overflow.lists[(uint32_t)tag];
		rt_spin_pause(&tries);
	}
}

rt_cell_t rt_overflow_unlock(struct rt_granule *granule, struct rt_overflow *list, rt_cell_t filter)
{
	uint32_t id = (uint32_t)(list - overflow.lists);
	rt_cell_t second = RT_CELL_TAG | id;
	if (list->count <= RT_GRANULE_CELLS) {
		filter = list->count ? list->cells[list->count - 1] : 0;
		second = list->count == RT_GRANULE_CELLS ? list->cells[0] : 0;
		give_list(id);
	}
	__atomic_store_n(&granule->cell[0], filter, __ATOMIC_RELAXED);
	__atomic_store_n(&granule->cell[1], second, __ATOMIC_RELEASE);
	return filter;
}

void rt_overflow_drop(struct rt_granule *granule)
{
	struct rt_overflow *list = rt_overflow_lock(granule);
	if (list) {
		list->count = 0;
		rt_overflow_unlock(granule, list, 0);
	}
	__atomic_store_n(&granule->cell[0], 0, __ATOMIC_RELAXED);
	__atomic_store_n(&granule->cell[1], 0, __ATOMIC_RELAXED);
}

void rt_overflow_cancel(uint32_t id)
{
	give_list(id);
}
