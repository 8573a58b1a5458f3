/* The allocator's functions. The real one runs between `rt_allocating`; allocators call each other and themselves. */
#include "allocating.h"
#include "lookup.h"
#include "result.h"
#include "start.h"
#include "wrap.h"

__thread unsigned rt_allocating;

/* What jemalloc, tcmalloc, mimalloc and oneTBB's allocator have besides the C library's functions. */
static const char *const others_functions[] = {"mallocx", "rallocx", "je_", "tc_", "mi_", "scalable_", NULL};

void rt_allocator_find(void)
{
	rt_allocator_is_at(rt_lookup("malloc"));
}

bool rt_allocator_is_at(const void *function)
{
	struct dl_find_object allocator, library;
	if (_dl_find_object((void *)function, &allocator) || _dl_find_object((void *)abort, &library) ||
		allocator.dlfo_map_start == library.dlfo_map_start)
		return false;
	rt_allocator_set((uintptr_t)allocator.dlfo_map_start, (uintptr_t)allocator.dlfo_map_end,
		rt_lookup_wanted(others_functions));
	return true;
}

#define REALLY(call)                                                                                         \
	(__extension__({                                                                                     \
		rt_allocating++;                                                                             \
		__typeof__(call) result_of_call = (call);                                                    \
		rt_allocating--;                                                                             \
		result_of_call;                                                                              \
	}))

void *rt_wrap_malloc(size_t bytes)
{
	void *block = REALLY(rt_real.malloc(bytes));
	RT_APPEARS(malloc, block, bytes);
	return block;
}

void *rt_wrap_calloc(size_t count, size_t bytes)
{
	void *block = REALLY(rt_real.calloc(count, bytes));
	RT_APPEARS(calloc, block, count * bytes);
	return block;
}

void *rt_wrap_memalign(size_t alignment, size_t bytes)
{
	void *block = REALLY(rt_real.memalign(alignment, bytes));
	RT_APPEARS(memalign, block, bytes);
	return block;
}

int rt_wrap_posix_memalign(void **block, size_t alignment, size_t bytes)
{
	int error = REALLY(rt_real.posix_memalign(block, alignment, bytes));
	if (!error)
		RT_APPEARS(posix_memalign, *block, bytes);
	return error;
}

void *rt_wrap_aligned_alloc(size_t alignment, size_t bytes)
{
	void *block = REALLY(rt_real.aligned_alloc(alignment, bytes));
	RT_APPEARS(aligned_alloc, block, bytes);
	return block;
}

void *rt_wrap_valloc(size_t bytes)
{
	void *block = REALLY(rt_real.valloc(bytes));
	RT_APPEARS(valloc, block, bytes);
	return block;
}

void *rt_wrap_pvalloc(size_t bytes)
{
	void *block = REALLY(rt_real.pvalloc(bytes));
	RT_APPEARS(pvalloc, block, bytes);
	return block;
}

void rt_wrap_free(void *block)
{
	if (rt_early_owns(block))
		return;
	if (RT_LIKELY(block && !RT_INSIDE_ALLOCATOR))
		RT_TELL_ALWAYS(free, rt_block_free(self, &site, block));
	rt_allocating++;
	rt_real.free(block);
	rt_allocating--;
}

/* A block of the start's own can't go to the real realloc. */
static RT_COLD void *move_early(void *block, size_t bytes)
{
	void *fresh = REALLY(rt_real.malloc(bytes));
	size_t old = rt_early_bytes(block);
	if (fresh)
		rt_bytes_copy(fresh, block, old < bytes ? old : bytes);
	return fresh;
}

static void write_anew(struct rt_thread *self, struct rt_site *site, void *block, size_t bytes)
{
	if (rt_sample_takes(site->pc))
		rt_range_drop(self, site, block, bytes, RT_WRITE);
}

/* The old block counts as freed before the real call: after it, it may be another thread's already. */
#define REALLOCATE(name, call, block, total)                                                                 \
	do {                                                                                                 \
		if (RT_UNLIKELY(rt_early_owns(block)))                                                       \
			return move_early(block, total);                                                     \
		struct rt_reallocated old = {.bytes = 0};                                                    \
		size_t whole = (total);                                                                      \
		if (block && !RT_INSIDE_ALLOCATOR)                                                           \
			RT_TELL_ALWAYS(name, old = rt_block_leaves(self, &site, block, whole));              \
		void *fresh = REALLY(call);                                                                  \
		if (old.bytes && fresh == block && whole >= old.bytes) {                                     \
			RT_TELL_ALWAYS(name, rt_block_stayed(self, &site, fresh, whole, &old));              \
			return fresh;                                                                        \
		}                                                                                            \
		if (RT_UNLIKELY(old.written))                                                                \
			RT_TELL_ALWAYS(name, rt_block_left(self, &site, block, &old));                       \
		if (fresh || !whole || !old.bytes)                                                           \
			RT_APPEARS(name, fresh, whole);                                                      \
		else                                                                                         \
			RT_APPEARS(name, block, old.bytes);                                                  \
		if (old.bytes && fresh == block)                                                             \
			RT_TELL(name, write_anew(self, &site, fresh, whole));                                \
		return fresh;                                                                                \
	} while (0)

void *rt_wrap_realloc(void *block, size_t bytes)
{
	REALLOCATE(realloc, rt_real.realloc(block, bytes), block, bytes);
}

void *rt_wrap_reallocarray(void *block, size_t count, size_t bytes)
{
	REALLOCATE(reallocarray, rt_real.reallocarray(block, count, bytes), block, count * bytes);
}

/* Who asks may use all of it. */
size_t rt_wrap_malloc_usable_size(void *block)
{
	if (rt_early_owns(block))
		return rt_early_bytes(block);
	size_t bytes = rt_real.malloc_usable_size(block);
	if (block)
		RT_TELL_ALWAYS(malloc_usable_size, rt_block_extend(self, block, bytes));
	return bytes;
}

char *rt_wrap_strdup(const char *text)
{
	RT_TELL(strdup, RT_READS_STRING(text));
	char *copy = rt_real.strdup(text);
	RT_TELL(strdup, RT_WRITES_STRING(copy));
	return copy;
}

char *rt_wrap_strndup(const char *text, size_t most)
{
	RT_TELL(strndup, {
		size_t length = rt_real.strnlen(text, most);
		RT_READS(text, length + (length < most));
	});
	char *copy = rt_real.strndup(text, most);
	RT_TELL(strndup, RT_WRITES_STRING(copy));
	return copy;
}

wchar_t *rt_wrap_wcsdup(const wchar_t *text)
{
	RT_TELL(wcsdup, RT_READS(text, (rt_real.wcslen(text) + 1) * sizeof(wchar_t)));
	wchar_t *copy = rt_real.wcsdup(text);
	if (copy)
		RT_TELL(wcsdup, RT_WRITES(copy, (rt_real.wcslen(copy) + 1) * sizeof(wchar_t)));
	return copy;
}
