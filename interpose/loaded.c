#include "loaded.h"

#include <link.h>

static const struct link_map *last;

void rt_loaded_start(void)
{
	last = _r_debug.r_map;
	while (last && last->l_next)
		last = last->l_next;
}

bool rt_loaded_since(uintptr_t address)
{
	struct dl_find_object found;
	if (_dl_find_object((void *)address, &found))
		return false;
	for (const struct link_map *module = last; module; module = module->l_prev)
		if (module == found.dlfo_link_map)
			return false;
	return true;
}
