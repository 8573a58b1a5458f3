/* The registry of views: tables, lists and their upkeep. No decisions. */
#include "track_registry.h"

struct rt_spin rt_registry_lock;

static struct rt_table views_by_address, arrays_by_owner, stacks_by_thread;
static uint64_t last_serial;

/* A thread's stack, as far as views lie on it. Removed with its last view. */
struct stack {
	struct rt_linked by_thread;
	struct rt_view *deepest;
};

/* ---- tables ---- */

static struct rt_linked **bucket_of(const struct rt_table *table, uintptr_t key)
{
	return &table->buckets[rt_hash64(key) & table->mask];
}

static struct rt_linked *table_find(const struct rt_table *table, uintptr_t key)
{
	if (!table->buckets)
		return NULL;
	struct rt_linked *found = *bucket_of(table, key);
	while (found && found->key != key)
		found = found->next;
	return found;
}

static bool table_grow(struct rt_table *table)
{
	size_t buckets = table->buckets ? 2 * (table->mask + 1) : 256;
	struct rt_table grown = {rt_alloc(buckets * sizeof *grown.buckets), buckets - 1, table->count};
	if (!grown.buckets)
		return false;
	for (size_t i = 0; table->buckets && i <= table->mask; i++) {
		for (struct rt_linked *each = table->buckets[i], *next; each; each = next) {
			next = each->next;
			struct rt_linked **bucket = bucket_of(&grown, each->key);
			each->next = *bucket;
			*bucket = each;
		}
	}
	if (table->buckets)
		rt_free(table->buckets, (table->mask + 1) * sizeof *table->buckets);
	*table = grown;
	return true;
}

static bool table_add(struct rt_table *table, struct rt_linked *element, uintptr_t key)
{
	if ((!table->buckets || table->count > table->mask) && !table_grow(table) && !table->buckets)
		return false;
	struct rt_linked **bucket = bucket_of(table, key);
	element->key = key;
	element->next = *bucket;
	*bucket = element;
	table->count++;
	return true;
}

static void table_remove(struct rt_table *table, struct rt_linked *element)
{
	struct rt_linked **link = bucket_of(table, element->key);
	while (*link != element)
		link = &(*link)->next;
	*link = element->next;
	table->count--;
}

/* ---- stacks ---- */

bool rt_on_own_stack(const struct rt_site *site, uintptr_t address)
{
	uintptr_t thread_block;
	/* On threads' stacks glibc puts the thread block at the top; the main thread's stack has nothing above it. */
	__asm__("mov %%fs:0, %0" : "=r"(thread_block));
	return address >= site->sp && (site->sp > thread_block || address < thread_block);
}

static void stack_add(struct rt_view *view, uint32_t thread)
{
	struct stack *stack = (struct stack *)table_find(&stacks_by_thread, thread);
	if (!stack) {
		stack = rt_alloc(sizeof *stack);
		if (!stack)
			return;
		if (!table_add(&stacks_by_thread, &stack->by_thread, thread)) {
			rt_free(stack, sizeof *stack);
			return;
		}
	}
	struct rt_view **link = &stack->deepest;
	while (*link && (*link)->facts.address < view->facts.address)
		link = &(*link)->shallower;
	view->shallower = *link;
	view->deeper = link;
	if (*link)
		(*link)->deeper = &view->shallower;
	*link = view;
}

static void stack_remove(struct rt_view *view)
{
	if (!view->deeper)
		return;
	*view->deeper = view->shallower;
	if (view->shallower)
		view->shallower->deeper = view->deeper;
	view->shallower = NULL;
	view->deeper = NULL;
}

struct rt_view *rt_registry_deepest(uint32_t thread)
{
	struct stack *stack = (struct stack *)table_find(&stacks_by_thread, thread);
	if (stack && !stack->deepest) {
		table_remove(&stacks_by_thread, &stack->by_thread);
		rt_free(stack, sizeof *stack);
		stack = NULL;
	}
	return stack ? stack->deepest : NULL;
}

/* ---- arrays ---- */

bool rt_registry_empty(void)
{
	return __atomic_load_n(&arrays_by_owner.count, __ATOMIC_RELAXED) == 0;
}

struct rt_array *rt_registry_array(const struct rt_slice_array *owner, bool create)
{
	struct rt_array *array = (struct rt_array *)table_find(&arrays_by_owner, (uintptr_t)owner);
	if (array || !create)
		return array;
	array = rt_alloc(sizeof *array);
	if (array && !table_add(&arrays_by_owner, &array->by_owner, (uintptr_t)owner)) {
		rt_free(array, sizeof *array);
		array = NULL;
	}
	return array;
}

static void list_add(struct rt_array *array, struct rt_view *view)
{
	view->array = array;
	view->next = array->views;
	view->link = &array->views;
	if (view->next)
		view->next->link = &view->next;
	array->views = view;
	array->orphans += view->facts.address == 0;
}

static void list_remove(struct rt_view *view)
{
	*view->link = view->next;
	if (view->next)
		view->next->link = view->link;
	view->array->orphans -= view->facts.address == 0;
}

void rt_registry_remove_array(const struct rt_slice_array *owner)
{
	struct rt_array *array = rt_registry_array(owner, false);
	if (!array)
		return;
	while (array->views)
		rt_registry_remove(array->views);
	table_remove(&arrays_by_owner, &array->by_owner);
	rt_free(array, sizeof *array);
}

/* ---- views ---- */

struct rt_view *rt_registry_view(uintptr_t address)
{
	return (struct rt_view *)table_find(&views_by_address, address);
}

void rt_registry_set(struct rt_view *view, const struct rt_slice *value)
{
	view->facts.value = *value;
	if (rt_elements_end(value) > view->array->shown_end)
		view->array->shown_end = rt_elements_end(value);
}

static bool place_at(struct rt_view *view, uintptr_t address, const struct rt_site *site, uint32_t thread)
{
	view->facts.address = address;
	if (address == 0)
		return true;
	if (!table_add(&views_by_address, &view->by_address, address))
		return false;
	if (site && rt_on_own_stack(site, address))
		stack_add(view, thread);
	return true;
}

struct rt_view *rt_registry_add(
	uintptr_t address, const struct rt_slice *value, const struct rt_site *site, uint32_t thread)
{
	struct rt_array *array = rt_registry_array(value->owner, true);
	if (!array || (address == 0 && array->orphans >= RT_ORPHANS_MOST))
		return NULL;
	struct rt_view *view = rt_alloc(sizeof *view);
	if (!view)
		return NULL;
	if (!place_at(view, address, site, thread)) {
		rt_free(view, sizeof *view);
		return NULL;
	}
	view->serial = ++last_serial;
	list_add(array, view);
	rt_registry_set(view, value);
	return view;
}

void rt_registry_set_parent(struct rt_view *view, struct rt_view *parent)
{
	if (view->parent)
		view->parent->children--;
	view->parent = parent;
	if (parent)
		parent->children++;
}

static void leave_family(struct rt_view *view)
{
	for (struct rt_view *each = view->array->views; each && view->children; each = each->next)
		if (each->parent == view)
			rt_registry_set_parent(each, view->parent);
	rt_registry_set_parent(view, NULL);
}

static void leave_address(struct rt_view *view)
{
	if (view->facts.address)
		table_remove(&views_by_address, &view->by_address);
	stack_remove(view);
}

void rt_registry_remove(struct rt_view *view)
{
	leave_family(view);
	leave_address(view);
	list_remove(view);
	rt_free(view, sizeof *view);
}

void rt_registry_move(struct rt_view *view, uintptr_t address, const struct rt_site *site, uint32_t thread)
{
	if (address == 0 && view->array->orphans >= RT_ORPHANS_MOST) {
		rt_registry_remove(view);
		return;
	}
	struct rt_array *array = view->array;
	leave_address(view);
	list_remove(view);
	if (!place_at(view, address, site, thread))
		view->facts.address = 0;
	list_add(array, view);
}

bool rt_registry_move_array(struct rt_view *view, const struct rt_slice *value)
{
	struct rt_array *array = rt_registry_array(value->owner, true);
	if (!array)
		return false;
	leave_family(view);
	list_remove(view);
	list_add(array, view);
	rt_registry_set(view, value);
	return true;
}
