/* The same with a function that only such allocators have, as jemalloc does. */
#include "allocator_shared_library.c"

void *mallocx(size_t bytes, int flags)
{
	(void)flags;
	return malloc(bytes);
}
