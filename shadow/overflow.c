#include "overflow.h"

#include "arena.h"
#include "counters.h"

enum { LISTS_MOST = 1 << 22 };

static struct {
	struct rt_spin spin;
	struct rt_overflow *lists;
	uint32_t room, made, free, used;
} overflow;

bool rt_overflow_init(void)
{
	size_t bytes;
	overflow.lists = rt_reserve(LISTS_MOST * sizeof(struct rt_overflow), 1 << 16, &bytes);
	overflow.room = (uint32_t)(bytes / sizeof(struct rt_overflow));
	overflow.made = 1;
	return overflow.lists != NULL;
}

uint32_t rt_overflow_used(void)
{
	return __atomic_load_n(&overflow.used, __ATOMIC_RELAXED);
}

static uint32_t take_list(void)
{
	rt_spin_lock(&overflow.spin);
	uint32_t id = overflow.free;
	if (id)
		overflow.free = overflow.lists[id].next_free;
	else if (overflow.made < overflow.room)
		id = overflow.made++;
	if (id)
		__atomic_fetch_add(&overflow.used, 1, __ATOMIC_RELAXED);
	rt_spin_unlock(&overflow.spin);
	return id;
}

static void free_cells(struct rt_overflow *list)
{
	if (list->cells != list->inside)
		rt_free(list->cells, list->room * sizeof(rt_cell_t));
}

static void give_list(uint32_t id)
{
	struct rt_overflow *list = &overflow.lists[id];
	free_cells(list);
	rt_spin_lock(&overflow.spin);
	list->next_free = overflow.free;
	overflow.free = id;
	__atomic_fetch_sub(&overflow.used, 1, __ATOMIC_RELAXED);
	rt_spin_unlock(&overflow.spin);
}

bool rt_overflow_push(struct rt_overflow *list, rt_cell_t cell)
{
	if (list->count == list->room) {
		rt_cell_t *cells = rt_alloc(2 * list->room * sizeof(rt_cell_t));
		if (!cells)
			return false;
		rt_bytes_copy(cells, list->cells, list->count * sizeof(rt_cell_t));
		free_cells(list);
		list->cells = cells;
		list->room *= 2;
	}
	list->cells[list->count++] = cell;
	return true;
}

uint32_t rt_overflow_create(const rt_cell_t *cells, uint32_t count)
{
	uint32_t id = take_list();
	if (!id)
		return 0;
	struct rt_overflow *list = &overflow.lists[id];
	list->cells = list->inside;
	list->room = RT_OVERFLOW_INSIDE;
	list->count = count;
	for (uint32_t i = 0; i < count; i++)
		list->cells[i] = cells[i];
	rt_count(RT_COUNTER_OVERFLOWS);
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

void rt_overflow_unlock(struct rt_granule *granule, struct rt_overflow *list, rt_cell_t newest)
{
	uint32_t id = (uint32_t)(list - overflow.lists);
	rt_cell_t second = RT_CELL_TAG | id;
	if (!newest && list->count)
		newest = list->cells[--list->count];
	if (list->count <= 1) {
		second = list->count ? list->cells[0] : 0;
		give_list(id);
	}
	__atomic_store_n(&granule->cell[0], newest, __ATOMIC_RELAXED);
	__atomic_store_n(&granule->cell[1], second, __ATOMIC_RELEASE);
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
