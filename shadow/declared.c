#include "declared.h"

#include "access.h"
#include "counters.h"
#include "infer.h"
#include "thread.h"
#include "trait.h"

/* Marks are few: what has many elements, or comes when as many are set, is known by where it lies. */
enum { DECLARED_MOST = 1 << 16, ELEMENTS_MARKED = 64, MARKS_MOST = RT_INFER_MARKS / 128 };

struct entry {
	struct rt_declared declared;
	uintptr_t reach; /* the end of what reaches farthest, from the first entry to this one */
};

/* By address. Changes while all other threads are outside. */
static struct {
	struct entry *entries;
	uint32_t count, room;
	uint32_t marks;
} table;

static uintptr_t end_of(const struct rt_declared *declared)
{
	return declared->address + declared->stride * (declared->count - 1) + declared->bytes;
}

/* ---- changing the table ---- */

static bool is_before(const struct rt_declared *a, const struct rt_declared *b)
{
	return a->address != b->address ? a->address < b->address : a->count > b->count;
}

static void sort(void)
{
	for (uint32_t gap = table.count / 2; gap; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (uint32_t i = gap; i < table.count; i++) {
			struct entry entry = table.entries[i];
			uint32_t at = i;
			for (; at >= gap && is_before(&entry.declared, &table.entries[at - gap].declared);
				at -= gap)
				table.entries[at] = table.entries[at - gap];
			table.entries[at] = entry;
		}
}

static void find_reaches(void)
{
	uintptr_t reach = 0;
	for (uint32_t i = 0; i < table.count; i++) {
		uintptr_t end = end_of(&table.entries[i].declared);
		reach = end > reach ? end : reach;
		table.entries[i].reach = reach;
	}
}

static bool make_room(uint32_t more)
{
	uint64_t room = (uint64_t)table.count + more;
	if (room <= table.room)
		return true;
	struct entry *entries = room <= DECLARED_MOST ? rt_alloc(room * sizeof(*entries)) : NULL;
	if (!entries)
		return false;
	if (table.count)
		rt_bytes_copy(entries, table.entries, table.count * sizeof(*entries));
	rt_free(table.entries, table.room * sizeof(*entries));
	table.entries = entries;
	table.room = (uint32_t)room;
	return true;
}

/* From now on accesses come to ask; what was kept of earlier ones, that were no atomic ones then, does not count. */
static void mark(const struct rt_declared *declared)
{
	if (declared->count > ELEMENTS_MARKED || table.marks > MARKS_MOST) {
		rt_infer_mark_range(declared->address, end_of(declared));
		return;
	}
	for (uint64_t i = 0; i < declared->count; i++)
		rt_infer_set_mark(rt_infer_mark(declared->address + i * declared->stride));
	table.marks += (uint32_t)declared->count;
}

static void forget_cells(const struct rt_declared *declared)
{
	for (uint64_t i = 0; i < declared->count; i++)
		rt_cells_forget(declared->address + i * declared->stride, declared->bytes);
}

static void add(const struct rt_declared *list, uint32_t count)
{
	uint32_t most = DECLARED_MOST - table.count, some = count < most ? count : most;
	if (!make_room(some))
		some = 0;
	for (uint32_t i = 0; i < some; i++) {
		table.entries[table.count++].declared = list[i];
		mark(&list[i]);
	}
	sort();
	find_reaches();
	__atomic_fetch_add(&rt_counters[RT_COUNTER_DECLARED], some, __ATOMIC_RELAXED);
	__atomic_fetch_add(&rt_counters[RT_COUNTER_NO_DECLARED], count - some, __ATOMIC_RELAXED);
}

void rt_declared_add(const struct rt_declared *list, uint32_t count, bool alone)
{
	if (alone) {
		add(list, count);
		return;
	}
	rt_threads_stop(rt_self);
	add(list, count);
	for (uint32_t i = 0; i < count; i++)
		forget_cells(&list[i]);
	rt_threads_resume();
}

void rt_declared_forget(uintptr_t module)
{
	uint32_t kept = 0;
	if (!table.count)
		return;
	rt_threads_stop(rt_self);
	for (uint32_t i = 0; i < table.count; i++)
		if (table.entries[i].declared.module != module)
			table.entries[kept++] = table.entries[i];
	table.count = kept;
	find_reaches();
	rt_threads_resume();
}

/* ---- looking ---- */

static uintptr_t element_at(const struct rt_declared *declared, uintptr_t address, size_t bytes)
{
	uint64_t offset = address - declared->address, number = offset / declared->stride;
	bool is_inside =
		number < declared->count && offset - number * declared->stride + bytes <= declared->bytes;
	return is_inside ? declared->address + number * declared->stride : 0;
}

uintptr_t rt_declared_find(uintptr_t address, size_t bytes)
{
	uint32_t low = 0, high = table.count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (table.entries[middle].declared.address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low && table.entries[low - 1].reach > address; low--) {
		uintptr_t found = element_at(&table.entries[low - 1].declared, address, bytes);
		if (found)
			return found;
	}
	return 0;
}

bool rt_declared_is_plain(uintptr_t address)
{
	return rt_trait_holds(RT_TRAIT_TOLD, address + 1) && !rt_declared_find(address, 1);
}
