#include "tls.h"

#include "module.h"
#include "sys.h"
#include "thread_table.h"

enum { MODULES_MOST = 1024, THREADS_MOST = 4096, LISTS_MOST = 64, ENTRIES_BYTES = 16384 };

/* A module that has thread-local variables. */
struct module {
	uint64_t changed, below;
	uint64_t bytes;
	uint32_t id; /* of its record; 0: it has none */
};

struct thread {
	uintptr_t control;
	uint32_t id;
};

static struct rt_tls_layout layout;

/* For one look-up, under the findings' lock. */
static RT_SPARSE struct module modules[MODULES_MOST]; /* by their numbers, from 1 */
static uint32_t module_count;
static uint64_t furthest; /* how far below a control block some module's block begins */
static RT_SPARSE struct thread threads[THREADS_MOST];
static RT_SPARSE char entries[ENTRIES_BYTES];

void rt_tls_init(const struct rt_tls_layout *now)
{
	layout = *now;
}

static bool read_word(uintptr_t address, uint64_t *word)
{
	return rt_sys_safe_copy(address, word, sizeof(*word));
}

/* The block lies at a fixed distance from the control block: it was there when threads were made, or had room there. */
static bool is_fixed(const struct module *module)
{
	return module->below && module->below != UINT64_MAX;
}

static struct module read_module(uintptr_t slot)
{
	const uint32_t bias_offset = 0; /* the first of what a link_map shows to everybody */
	struct module module = {0};
	uint64_t map = 0, bias;
	if (!read_word(slot + layout.slot_changed, &module.changed) ||
		!read_word(slot + layout.slot_module, &map) || !map || !read_word(map + bias_offset, &bias) ||
		!read_word(map + layout.module_below, &module.below))
		return module;
	module.id = rt_module_tls(bias, &module.bytes);
	return module;
}

static void read_modules(void)
{
	uint64_t list = 0;
	module_count = 0;
	furthest = 0;
	read_word(layout.first_list, &list);
	for (unsigned lists = 0; list && lists < LISTS_MOST; lists++) {
		uint64_t length = 0;
		if (!read_word(list + layout.list_length, &length))
			return;
		for (uint64_t i = 0; i < length && module_count < MODULES_MOST; i++) {
			struct module *module = &modules[module_count++];
			*module = read_module(list + layout.list_slots + i * layout.slot_bytes);
			if (is_fixed(module) && module->below > furthest)
				furthest = module->below;
		}
		if (!read_word(list + layout.list_next, &list))
			return;
	}
}

static uint32_t list_threads(void)
{
	uint32_t count = 0;
	rt_spin_lock(&rt_threads.spin);
	for (struct rt_thread *thread = rt_threads.live; thread && count < THREADS_MOST;
		thread = rt_link_of(thread)->next_live)
		if (thread->handle)
			threads[count++] = (struct thread){thread->handle, thread->id};
	rt_spin_unlock(&rt_threads.spin);
	return count;
}

/* How many entries of the thread's vector could be read, and its generation. */
static uint32_t read_vector(uintptr_t control, uint64_t *generation)
{
	uint64_t vector = 0, length = 0;
	if (!read_word(control + layout.vector, &vector) || !vector ||
		!read_word(vector - layout.entry_bytes, &length) || !read_word(vector, generation))
		return 0;
	const uint32_t most = ENTRIES_BYTES / layout.entry_bytes - 1;
	uint32_t count = length + 1 < most ? (uint32_t)length + 1 : most;
	return rt_sys_safe_copy(vector, entries, (size_t)count * layout.entry_bytes) ? count : 0;
}

static bool take(const struct thread *thread, uint32_t module, uintptr_t block, uintptr_t address,
	struct rt_memory_location *location)
{
	const struct module *of = &modules[module];
	if (!of->id || address < block || address - block >= of->bytes)
		return false;
	location->kind = RT_LOCATION_THREAD_LOCAL;
	location->thread = thread->id;
	location->module = of->id;
	location->offset = address - block;
	return true;
}

/* Blocks that were made when the thread first used them. A module that took another one's number has none yet. */
static bool find_made(const struct thread *thread, uintptr_t address, struct rt_memory_location *location)
{
	uint64_t generation;
	uint32_t count = read_vector(thread->control, &generation);
	for (uint32_t i = 1; i < count && i < module_count; i++) {
		uint64_t block;
		rt_bytes_copy(
			&block, entries + (size_t)i * layout.entry_bytes + layout.entry_block, sizeof(block));
		if (!is_fixed(&modules[i]) && modules[i].changed <= generation &&
			take(thread, i, block, address, location))
			return true;
	}
	return false;
}

static bool find_fixed(const struct thread *thread, uintptr_t address, struct rt_memory_location *location)
{
	if (address < thread->control - furthest || address >= thread->control + layout.control_bytes)
		return false;
	for (uint32_t i = 1; i < module_count; i++)
		if (is_fixed(&modules[i]) &&
			take(thread, i, thread->control - modules[i].below, address, location))
			return true;
	location->kind = RT_LOCATION_THREAD_LOCAL;
	location->thread = thread->id;
	location->name = address < thread->control ? "" : "control block";
	return true;
}

bool rt_tls_locate(uintptr_t address, struct rt_memory_location *location)
{
	if (!layout.first_list)
		return false;
	read_modules();
	uint32_t count = list_threads();
	for (uint32_t i = 0; i < count; i++)
		if (find_fixed(&threads[i], address, location) || find_made(&threads[i], address, location))
			return true;
	return false;
}
