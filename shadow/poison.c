#include "poison.h"

#include "access.h"
#include "counters.h"
#include "object.h"
#include "overflow.h"
#include "owner.h"
#include "sys.h"

enum { INFOS_MOST = 1 << 12 };

static struct {
	struct rt_spin spin;
	struct rt_poison_info infos[INFOS_MOST];
	uint32_t count;
	uint64_t granules; /* poisoned now: 0 ends the watch */
} poison RT_SPARSE;

/* The descriptor's number, the same for the same thread and rule; the last one stands for all that find no room. */
static uint32_t intern(const char *rule, uint32_t thread)
{
	uint32_t id = 0;
	rt_spin_lock(&poison.spin);
	while (id < poison.count && (poison.infos[id].rule != rule || poison.infos[id].thread != thread))
		id++;
	if (id == INFOS_MOST)
		id--;
	else if (id == poison.count)
		poison.infos[poison.count++] = (struct rt_poison_info){rule, thread};
	rt_spin_unlock(&poison.spin);
	return id;
}

const struct rt_poison_info *rt_poison_info_of(rt_cell_t cell)
{
	return &poison.infos[rt_poison_id(cell) & (INFOS_MOST - 1)];
}

/* A granule of a page that is not folded; NULL: it holds nothing, or there is no shadow for it. */
static struct rt_granule *granule_at(uintptr_t at, bool create)
{
	size_t run;
	uintptr_t start = at & ~(uintptr_t)(RT_PAGE_BYTES - 1);
	struct rt_granule *page = (struct rt_granule *)rt_space_at(&rt_cells, start, &run, create);
	if (!page || rt_page_is_shared(at, page))
		return NULL;
	if (create)
		rt_page_touch(at);
	rt_page_open(at, page);
	return page + (at - start) / RT_GRANULE_BYTES;
}

static bool find_in(const rt_cell_t *cells, uint32_t count, rt_cell_t *found)
{
	for (uint32_t i = 0; i < count; i++)
		if (cells[i] && rt_cell_is_poison(cells[i])) {
			*found = cells[i];
			return true;
		}
	return false;
}

static bool find_in_granule(struct rt_granule *granule, rt_cell_t *found)
{
	struct rt_overflow *list = rt_overflow_lock(granule);
	if (!list)
		return find_in(granule->cell, RT_GRANULE_CELLS, found);
	bool is = find_in(list->cells, list->count, found);
	rt_overflow_unlock(granule, list, granule->cell[0]);
	return is;
}

struct search {
	rt_cell_t found;
	uint64_t granules;
};

static struct search search(uintptr_t address, size_t bytes)
{
	struct search search = {0, 0};
	uintptr_t end = address + bytes;
	for (uintptr_t at = address & ~(uintptr_t)(RT_GRANULE_BYTES - 1); at < end && poison.granules;
		at += RT_GRANULE_BYTES) {
		struct rt_granule *granule = granule_at(at, false);
		search.granules += granule && find_in_granule(granule, &search.found);
	}
	return search;
}

void rt_poison(struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes,
	enum rt_access_kind kind, const char *rule)
{
	uintptr_t low = (uintptr_t)address, end = low + bytes;
	if (!bytes || end < low || end >> RT_USER_LOG)
		return;
	rt_watch_set(RT_WATCH_POISON, true);
	rt_access(self, site, address, bytes, kind, RT_CLASS_DATA);
	rt_unpoison(self, address, bytes);
	uint32_t segment = ((uint32_t)RT_BLOCK_POISON << RT_EPOCH_BITS) | intern(rule, self->id);
	rt_ctx_t context = rt_site_context(self, site, kind);
	for (uintptr_t at = low & ~(uintptr_t)(RT_GRANULE_BYTES - 1); at < end; at += RT_GRANULE_BYTES) {
		struct rt_granule *granule = granule_at(at, true);
		if (!granule) {
			rt_count(RT_COUNTER_NO_SHADOW);
			continue;
		}
		rt_cell_t cell = rt_cell_make(segment, context, true, false, rt_granule_mask(at, low, end));
		/* A granule that the range shares with a neighbour may hold the neighbour's accesses. */
		struct rt_overflow *list = rt_overflow_lock(granule);
		if (list) {
			if (!rt_overflow_push(list, cell))
				rt_count(RT_COUNTER_NO_OVERFLOW);
			rt_overflow_unlock(granule, list, granule->cell[0]);
		} else {
			struct rt_granule old = *granule, fresh;
			do {
				fresh = (struct rt_granule){{cell, old.cell[0] ? old.cell[0] : old.cell[1]}};
			} while (!rt_cell_is_tag(old.cell[1]) && !rt_granule_swap(granule, &old, fresh));
		}
		__atomic_fetch_add(&poison.granules, 1, __ATOMIC_RELAXED);
	}
}

bool rt_unpoison(struct rt_thread *self, const volatile void *address, size_t bytes)
{
	(void)self;
	struct search found = search((uintptr_t)address, bytes);
	rt_cells_forget((uintptr_t)address, bytes);
	if (found.granules && !__atomic_sub_fetch(&poison.granules, found.granules, __ATOMIC_RELAXED))
		rt_watch_set(RT_WATCH_POISON, false);
	return found.granules != 0;
}

bool rt_poisoned_by(const volatile void *address, rt_ctx_t *context, uint32_t *thread)
{
	struct search found = search((uintptr_t)address, 1);
	if (!found.granules)
		return false;
	*context = rt_cell_context(found.found);
	*thread = rt_poison_info_of(found.found)->thread;
	return true;
}
