#include "list.h"

void *rt_list_grow(void **at, uint32_t *count, uint32_t *room, size_t bytes)
{
	if (*count == *room) {
		uint32_t wanted = *room ? 2 * *room : 256;
		void *larger = rt_alloc_more(*at, *room * bytes, wanted * bytes);
		if (!larger)
			return NULL;
		*at = larger;
		*room = wanted;
	}
	return (char *)*at + (*count)++ * bytes;
}
