/* Ranges of address space that the program mapped or named: a sorted array, searched only for reports. */
#include "memory.h"

#include "thread.h"

enum { NAME_BYTES = 64 };

struct range {
	uintptr_t low, high;
	rt_ctx_t context;
	uint32_t thread;
	bool mapping;
	char name[NAME_BYTES];
};

static struct {
	struct rt_spin spin;
	struct range *items;
	uint32_t count, room;
} ranges;

bool rt_ranges_init(void)
{
	ranges.room = 64;
	ranges.items = rt_alloc(ranges.room * sizeof(struct range));
	return ranges.items != NULL;
}

/* Index of the first range that ends after the address. */
static uint32_t first_after(uintptr_t address)
{
	uint32_t low = 0, high = ranges.count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (ranges.items[middle].high <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void remove_at(uint32_t index, uint32_t count)
{
	ranges.count -= count;
	for (uint32_t i = index; i < ranges.count; i++)
		ranges.items[i] = ranges.items[i + count];
}

static bool insert_at(uint32_t index, const struct range *range)
{
	if (ranges.count == ranges.room) {
		struct range *items = rt_alloc(2 * ranges.room * sizeof(*items));
		if (!items)
			return false;
		rt_bytes_copy(items, ranges.items, ranges.count * sizeof(*items));
		rt_free(ranges.items, ranges.room * sizeof(*items));
		ranges.items = items;
		ranges.room *= 2;
	}
	for (uint32_t i = ranges.count; i > index; i--)
		ranges.items[i] = ranges.items[i - 1];
	ranges.items[index] = *range;
	ranges.count++;
	return true;
}

static void forget_locked(uintptr_t low, uintptr_t high)
{
	uint32_t first = first_after(low);
	if (first < ranges.count && ranges.items[first].low < low) {
		struct range rest = ranges.items[first];
		ranges.items[first].high = low;
		if (rest.high > high) {
			rest.low = high;
			insert_at(first + 1, &rest);
			return;
		}
		first++;
	}
	uint32_t end = first;
	while (end < ranges.count && ranges.items[end].high <= high)
		end++;
	remove_at(first, end - first);
	if (first < ranges.count && ranges.items[first].low < high)
		ranges.items[first].low = high;
}

void rt_ranges_forget(uintptr_t address, size_t bytes)
{
	if (!__atomic_load_n(&ranges.count, __ATOMIC_RELAXED) || !bytes)
		return;
	rt_spin_lock(&ranges.spin);
	forget_locked(address, address + bytes);
	rt_spin_unlock(&ranges.spin);
}

static void add(
	uintptr_t low, size_t bytes, const char *name, rt_ctx_t context, uint32_t thread, bool mapping)
{
	struct range range = {
		.low = low, .high = low + bytes, .context = context, .thread = thread, .mapping = mapping};
	rt_string_copy(range.name, sizeof(range.name), name);
	rt_spin_lock(&ranges.spin);
	forget_locked(range.low, range.high);
	insert_at(first_after(low), &range);
	rt_spin_unlock(&ranges.spin);
}

void rt_range_name(struct rt_thread *self, const volatile void *address, size_t bytes, const char *name)
{
	if (bytes && (uintptr_t)address + bytes > (uintptr_t)address)
		add((uintptr_t)address, bytes, name, 0, self->id, false);
}

void rt_range_mapped(struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes,
	const char *name)
{
	if (bytes)
		add((uintptr_t)address, bytes, name, rt_site_context(self, site, RT_WRITE), self->id, true);
}

bool rt_ranges_find(uintptr_t address, struct rt_memory_location *location)
{
	static char found_name[NAME_BYTES]; /* the finder holds the findings' lock */
	bool found = false;
	rt_spin_lock(&ranges.spin);
	uint32_t at = first_after(address);
	if (at < ranges.count && ranges.items[at].low <= address) {
		const struct range *range = &ranges.items[at];
		rt_string_copy(found_name, sizeof(found_name), range->name);
		location->name = found_name;
		if (location->kind == RT_LOCATION_UNKNOWN) {
			location->kind = range->mapping ? RT_LOCATION_MAPPING : RT_LOCATION_GLOBAL;
			location->address = range->low;
			location->bytes = range->high - range->low;
			location->context = range->context;
			location->thread = range->thread;
		}
		found = true;
	}
	rt_spin_unlock(&ranges.spin);
	return found;
}
