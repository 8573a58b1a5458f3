#include "loaded.h"

#include "shadow/engine.h"

#include <link.h>

static const struct link_map *last;

void rt_loaded_start(void)
{
	last = _r_debug.r_map;
	while (last && last->l_next)
		last = last->l_next;
}

/* The module around an address, if it was loaded since. */
static bool find(uintptr_t address, struct dl_find_object *found)
{
	if (_dl_find_object((void *)address, found))
		return false;
	for (const struct link_map *module = last; module; module = module->l_prev)
		if (module == found->dlfo_link_map)
			return false;
	return true;
}

bool rt_loaded_since(uintptr_t address)
{
	struct dl_find_object found;
	return find(address, &found);
}

static int add(struct dl_phdr_info *info, size_t bytes, void *argument)
{
	(void)bytes;
	struct rt_loaded *loaded = argument;
	struct dl_find_object found;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_LOAD)
			continue;
		if (loaded->count == RT_LOADED_MOST ||
			!find(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, &found))
			break;
		loaded->list[loaded->count].low = (uintptr_t)found.dlfo_map_start;
		loaded->list[loaded->count++].high = (uintptr_t)found.dlfo_map_end;
		break;
	}
	return 0;
}

void rt_loaded_list(struct rt_loaded *loaded)
{
	loaded->count = 0;
	dl_iterate_phdr(add, loaded);
}

void rt_loaded_forget(const struct rt_loaded *loaded)
{
	struct dl_find_object found;
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	for (unsigned i = 0; i < loaded->count; i++)
		if (_dl_find_object((void *)loaded->list[i].low, &found))
			rt_range_fresh(self, (void *)loaded->list[i].low,
				loaded->list[i].high - loaded->list[i].low);
	rt_leave(self);
}
