/* Ranges of address space that the program mapped or named: a sorted array, searched only for reports. */
#include "memory.h"

#include "thread.h"

enum { NAME_BYTES = 64 };

struct range {
	uintptr_t low, high;
	rt_ctx_t context;
	uint32_t thread;
	bool mapping;
	rt_ctx_t put_context; /* of a pooled object: its last put */
	uint32_t put_thread;
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

/* The range that starts exactly there; lock held. */
static struct range *starting_at(uintptr_t low)
{
	uint32_t at = first_after(low);
	return at < ranges.count && ranges.items[at].low == low ? &ranges.items[at] : NULL;
}

static void add(struct range range, const char *name)
{
	rt_string_copy(range.name, sizeof(range.name), name);
	rt_spin_lock(&ranges.spin);
	const struct range *old = starting_at(range.low);
	if (old && old->put_thread) {
		range.put_context = old->put_context;
		range.put_thread = old->put_thread;
	}
	forget_locked(range.low, range.high);
	insert_at(first_after(range.low), &range);
	rt_spin_unlock(&ranges.spin);
}

void rt_range_name(struct rt_thread *self, const volatile void *address, size_t bytes, const char *name)
{
	uintptr_t low = (uintptr_t)address;
	if (bytes && low + bytes > low)
		add((struct range){.low = low, .high = low + bytes, .thread = self->id}, name);
}

void rt_range_mapped(struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes,
	const char *name)
{
	uintptr_t low = (uintptr_t)address;
	struct range range = {.low = low, .high = low + bytes, .thread = self->id, .mapping = true};
	range.context = rt_site_context(self, site, RT_WRITE);
	if (bytes)
		add(range, name);
}

void rt_range_pooled(uintptr_t low, size_t bytes, rt_ctx_t context, uint32_t thread)
{
	add((struct range){.low = low, .high = low + bytes, .context = context, .thread = thread},
		"pooled object");
}

void rt_range_put(uintptr_t low, rt_ctx_t context, uint32_t thread)
{
	rt_spin_lock(&ranges.spin);
	struct range *range = starting_at(low);
	if (range) {
		range->put_context = context;
		range->put_thread = thread;
	}
	rt_spin_unlock(&ranges.spin);
}

bool rt_range_put_by(uintptr_t address, rt_ctx_t *context, uint32_t *thread)
{
	bool found = false;
	rt_spin_lock(&ranges.spin);
	uint32_t at = first_after(address);
	if (at < ranges.count && ranges.items[at].low <= address) {
		const struct range *range = &ranges.items[at];
		found = range->put_thread && range->put_thread != range->thread;
		*context = range->put_context;
		*thread = range->put_thread;
	}
	rt_spin_unlock(&ranges.spin);
	return found;
}

size_t rt_range_bytes(const volatile void *address)
{
	rt_spin_lock(&ranges.spin);
	const struct range *range = starting_at((uintptr_t)address);
	size_t bytes = range ? range->high - range->low : 0;
	rt_spin_unlock(&ranges.spin);
	return bytes;
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
