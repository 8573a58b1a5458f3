/* Ranges of address space that mean something for a report: two sorted arrays, what is mapped (and blocks so large that
 * they are not found from within), and what has a name. Searched for reports; changed by mmap, rarely by anything else. */
#include "memory.h"

#include "thread.h"

enum { NAME_BYTES = 64, FIRST_ROOM = 64 };
#define NO_RANGE UINT32_MAX

struct range {
	uintptr_t low, high;
	rt_ctx_t context;
	uint32_t thread;
	bool block;           /* a heap block: its descriptor knows the rest */
	rt_ctx_t put_context; /* of a pooled object: its last put */
	uint32_t put_thread;
	uint32_t next_free;
	char name[NAME_BYTES];
};

/* The ranges lie in `items` anywhere, `order` names them by address: what moves at an insertion is four bytes each. */
struct range_list {
	struct rt_spin spin;
	struct range *items;
	uint32_t *order;
	uint32_t count, room;
	uint32_t made,
		free; /* items ever used; the first of those to use again, NO_RANGE or 0 before the first */
};

static struct range_list mapped, named;

static struct range *at_order(const struct range_list *list, uint32_t index)
{
	return &list->items[list->order[index]];
}

/* Place in the order of the first range that ends after the address. */
static uint32_t first_after(const struct range_list *list, uintptr_t address)
{
	uint32_t low = 0, high = list->count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (at_order(list, middle)->high <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The range that holds the address, NULL: none. */
static struct range *range_at(const struct range_list *list, uintptr_t address)
{
	uint32_t at = first_after(list, address);
	return at < list->count && at_order(list, at)->low <= address ? at_order(list, at) : NULL;
}

static void remove_at(struct range_list *list, uint32_t index, uint32_t count)
{
	for (uint32_t i = index; i < index + count; i++) {
		at_order(list, i)->next_free = list->free;
		list->free = list->order[i];
	}
	list->count -= count;
	for (uint32_t i = index; i < list->count; i++)
		list->order[i] = list->order[i + count];
}

static bool grow(struct range_list *list)
{
	uint32_t room = list->room ? 2 * list->room : FIRST_ROOM;
	struct range *items = rt_alloc(room * sizeof(*items));
	uint32_t *order = rt_alloc(room * sizeof(*order));
	if (!items || !order) {
		rt_free(items, room * sizeof(*items));
		rt_free(order, room * sizeof(*order));
		return false;
	}
	rt_bytes_copy(items, list->items, list->made * sizeof(*items));
	rt_bytes_copy(order, list->order, list->count * sizeof(*order));
	rt_free(list->items, list->room * sizeof(*items));
	rt_free(list->order, list->room * sizeof(*order));
	if (!list->room)
		list->free = NO_RANGE;
	list->items = items;
	list->order = order;
	list->room = room;
	return true;
}

static bool insert_at(struct range_list *list, uint32_t index, const struct range *range)
{
	if (list->count == list->room && !grow(list))
		return false;
	uint32_t item = list->free;
	if (item == NO_RANGE)
		item = list->made++;
	else
		list->free = list->items[item].next_free;
	list->items[item] = *range;
	for (uint32_t i = list->count; i > index; i--)
		list->order[i] = list->order[i - 1];
	list->order[index] = item;
	list->count++;
	return true;
}

/* Cuts [low, high) out of whatever overlaps it. Lock held. */
static void cut_out(struct range_list *list, uintptr_t low, uintptr_t high)
{
	uint32_t first = first_after(list, low);
	if (first < list->count && at_order(list, first)->low < low) {
		struct range rest = *at_order(list, first);
		at_order(list, first)->high = low;
		if (rest.high > high) {
			rest.low = high;
			insert_at(list, first + 1, &rest);
			return;
		}
		first++;
	}
	uint32_t end = first;
	while (end < list->count && at_order(list, end)->high <= high)
		end++;
	remove_at(list, first, end - first);
	if (first < list->count && at_order(list, first)->low < high)
		at_order(list, first)->low = high;
}

static void forget(struct range_list *list, uintptr_t address, size_t bytes)
{
	if (!__atomic_load_n(&list->count, __ATOMIC_RELAXED) || !bytes)
		return;
	rt_spin_lock(&list->spin);
	cut_out(list, address, address + bytes);
	rt_spin_unlock(&list->spin);
}

void rt_ranges_forget(uintptr_t address, size_t bytes)
{
	forget(&mapped, address, bytes);
	forget(&named, address, bytes);
}

void rt_names_forget(uintptr_t address, size_t bytes)
{
	forget(&named, address, bytes);
}

static void add(struct range_list *list, struct range range, const char *name)
{
	rt_string_copy(range.name, sizeof(range.name), name);
	rt_spin_lock(&list->spin);
	const struct range *old = range_at(list, range.low);
	if (old && old->low == range.low) {
		range.put_context = old->put_context;
		range.put_thread = old->put_thread;
	}
	cut_out(list, range.low, range.high);
	insert_at(list, first_after(list, range.low), &range);
	rt_spin_unlock(&list->spin);
}

void rt_range_name(struct rt_thread *self, const volatile void *address, size_t bytes, const char *name)
{
	uintptr_t low = (uintptr_t)address;
	if (bytes && low + bytes > low)
		add(&named, (struct range){.low = low, .high = low + bytes, .thread = self->id}, name);
}

void rt_range_mapped(struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes,
	const char *name)
{
	uintptr_t low = (uintptr_t)address;
	struct range range = {.low = low, .high = low + bytes, .thread = self->id};
	range.context = rt_site_context(self, site, RT_WRITE);
	if (bytes)
		add(&mapped, range, name);
}

void rt_range_block(uintptr_t low, size_t bytes)
{
	add(&mapped, (struct range){.low = low, .high = low + bytes, .block = true}, "");
}

void rt_range_pooled(uintptr_t low, size_t bytes, rt_ctx_t context, uint32_t thread)
{
	add(&named, (struct range){.low = low, .high = low + bytes, .context = context, .thread = thread},
		"pooled object");
}

void rt_range_put(uintptr_t low, rt_ctx_t context, uint32_t thread)
{
	rt_spin_lock(&named.spin);
	struct range *range = range_at(&named, low);
	if (range && range->low == low) {
		range->put_context = context;
		range->put_thread = thread;
	}
	rt_spin_unlock(&named.spin);
}

bool rt_range_put_by(uintptr_t address, rt_ctx_t *context, uint32_t *thread)
{
	bool found = false;
	rt_spin_lock(&named.spin);
	const struct range *range = range_at(&named, address);
	if (range) {
		found = range->put_thread && range->put_thread != range->thread;
		*context = range->put_context;
		*thread = range->put_thread;
	}
	rt_spin_unlock(&named.spin);
	return found;
}

size_t rt_range_bytes(const volatile void *address)
{
	rt_spin_lock(&mapped.spin);
	const struct range *range = range_at(&mapped, (uintptr_t)address);
	size_t bytes = range && range->low == (uintptr_t)address ? range->high - range->low : 0;
	rt_spin_unlock(&mapped.spin);
	return bytes;
}

uintptr_t rt_range_block_at(uintptr_t address)
{
	rt_spin_lock(&mapped.spin);
	const struct range *range = range_at(&mapped, address);
	uintptr_t low = range && range->block ? range->low : 0;
	rt_spin_unlock(&mapped.spin);
	return low;
}

static void describe(const struct range *range, enum rt_location kind, struct rt_memory_location *location)
{
	location->kind = kind;
	location->address = range->low;
	location->bytes = range->high - range->low;
	location->context = range->context;
	location->thread = range->thread;
}

void rt_ranges_find(uintptr_t address, struct rt_memory_location *location)
{
	static char name[NAME_BYTES]; /* the finder holds the findings' lock */
	bool known = location->kind != RT_LOCATION_UNKNOWN;
	rt_spin_lock(&named.spin);
	const struct range *range = range_at(&named, address);
	if (range) {
		rt_string_copy(name, sizeof(name), range->name);
		location->name = name;
		if (!known)
			describe(range, RT_LOCATION_GLOBAL, location);
	}
	rt_spin_unlock(&named.spin);
	rt_spin_lock(&mapped.spin);
	range = range_at(&mapped, address);
	if (range && !range->block && !known) {
		describe(range, RT_LOCATION_MAPPING, location);
		if (!location->name) {
			rt_string_copy(name, sizeof(name), range->name);
			location->name = name;
		}
	}
	rt_spin_unlock(&mapped.spin);
}
