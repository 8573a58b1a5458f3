#include "given.h"

#include "finding.h"
#include "proc_maps.h"
#include "module.h"
#include "thread_table.h"

static struct rt_given given;

void rt_given_init(const struct rt_given *at_start)
{
	given = *at_start;
}

static uint32_t main_thread(void)
{
	uint32_t id = 0;
	rt_spin_lock(&rt_threads.spin);
	for (struct rt_thread *thread = rt_threads.live; thread && !id;
		thread = rt_link_of(thread)->next_live)
		if (thread->flags & RT_THREAD_MAIN)
			id = thread->id;
	rt_spin_unlock(&rt_threads.spin);
	return id;
}

/* What lies in [low, high), if the address does. */
static void name_part(struct rt_memory_location *location, uintptr_t address, uintptr_t low, uintptr_t high,
	const char *name)
{
	if (address < low || address >= high)
		return;
	location->kind = RT_LOCATION_STACK;
	location->thread = main_thread();
	location->address = low;
	location->bytes = high - low;
	location->name = name;
}

static void name_first_stack(struct rt_memory_location *location, uintptr_t address, uintptr_t end)
{
	name_part(location, address, given.pointers, given.arguments,
		"the pointers to its arguments and environment");
	name_part(location, address, given.arguments, given.environment, "its arguments");
	name_part(location, address, given.environment, end, "its first environment");
}

struct search {
	uintptr_t address;
	struct rt_memory_location *location;
};

static void see_line(const struct rt_proc_maps_line *line, void *argument)
{
	static char name[RT_FOUND_NAME_BYTES]; /* under the findings' lock */
	const struct search *search = argument;
	if (search->address < line->low || search->address >= line->high)
		return;
	search->location->kind = RT_LOCATION_MAPPING;
	search->location->address = line->low;
	search->location->bytes = line->high - line->low;
	rt_string_copy(name, sizeof(name), rt_string_equal(line->path, "[heap]") ? "brk" : line->path);
	search->location->name = name;
	if (search->address >= given.pointers && line->low <= given.pointers && line->high > given.pointers)
		name_first_stack(search->location, search->address, line->high);
}

void rt_given_locate(uintptr_t address, struct rt_memory_location *location)
{
	struct search search = {address, location};
	int descriptor = rt_module_is_at(address) ? -1 : rt_proc_maps_open();
	if (descriptor < 0)
		return;
	rt_proc_maps_each(descriptor, see_line, &search);
	rt_proc_maps_close(descriptor);
}
