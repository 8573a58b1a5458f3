/* The address space: mappings that appear, go and move. */
#include "allocating.h"
#include "ring.h"
#include "share.h"
#include "wrap.h"

/* What a report calls the memory of a mapping. */
static const char *name_of(int flags)
{
	const char *names[2][2] = {{"private file mapping", "shared file mapping"},
		{"private anonymous mapping", "shared anonymous mapping"}};
	bool shared = (flags & MAP_TYPE) == MAP_SHARED || (flags & MAP_TYPE) == MAP_SHARED_VALIDATE;
	return names[!!(flags & MAP_ANONYMOUS)][shared];
}

/* What the kernel would not refuse at once. */
static bool is_range(const void *where, size_t bytes)
{
	uintptr_t low = (uintptr_t)where, end = low + bytes;
	return bytes && !(low % 4096) && end > low && end <= (uintptr_t)1 << 47;
}

/* What the kernel maps, unmaps and moves. */
static size_t whole_pages(size_t bytes)
{
	return (bytes + 4095) & ~(size_t)4095;
}

/* Once others may change what this process has, its plain loads and stores matter. */
static void shared(void)
{
	if (RT_UNLIKELY(rt_shared_is_watched()))
		rt_rewrite_start();
}

/* A mapping at a fixed place takes the place of what is there: told before. */
#define MAPPED_BODY(name, call)                                                                              \
	if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) == MAP_FIXED && !RT_BY_ALLOCATOR &&                  \
		is_range(where, bytes))                                                                      \
		RT_TELL(name, rt_range_unmap(self, &site, where, whole_pages(bytes)));                       \
	void *range = call;                                                                                  \
	if (range != MAP_FAILED && !RT_BY_ALLOCATOR)                                                         \
		RT_TELL_ALWAYS(name, {                                                                       \
			rt_range_fresh(self, range, whole_pages(bytes));                                     \
			rt_range_mapped(self, &site, range, bytes, name_of(flags));                          \
			rt_share_mapped(self, &site, range, bytes, protection, flags, fd, offset);           \
			if (RT_UNLIKELY(rt_rings_bare) && fd >= 0)                                           \
				rt_ring_mapped(self, &site, fd, (uint64_t)offset, range);                    \
		});                                                                                          \
	shared();                                                                                            \
	return range

void *rt_wrap_mmap(void *where, size_t bytes, int protection, int flags, int fd, off_t offset)
{
	MAPPED_BODY(mmap, rt_real.mmap(where, bytes, protection, flags, fd, offset));
}

void *rt_wrap_mmap64(void *where, size_t bytes, int protection, int flags, int fd, off64_t offset)
{
	MAPPED_BODY(mmap64, rt_real.mmap64(where, bytes, protection, flags, fd, offset));
}

/* Told before: once unmapped, the range may be another thread's at once. */
int rt_wrap_munmap(void *where, size_t bytes)
{
	if (!RT_BY_ALLOCATOR && is_range(where, bytes))
		RT_TELL_ALWAYS(munmap, rt_range_unmap(self, &site, where, whole_pages(bytes)));
	return rt_real.munmap(where, bytes);
}

void *rt_wrap_mremap(void *where, size_t bytes, size_t new_bytes, int flags, ...)
{
	va_list arguments;
	va_start(arguments, flags);
	void *fixed = flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) ? va_arg(arguments, void *) : NULL;
	va_end(arguments);
	struct rt_shown shown;
	bool is_shown = rt_shared_shown(where, &shown);
	size_t old_bytes = bytes, wanted = new_bytes;
	bytes = whole_pages(bytes);
	new_bytes = whole_pages(new_bytes);
	size_t stays = flags & (MREMAP_MAYMOVE | MREMAP_FIXED) && new_bytes > bytes ? 0 : new_bytes;
	/* What goes, or may go: who uses it at the same time can't know that it stays. */
	if (stays < bytes && !RT_BY_ALLOCATOR && is_range(where, bytes))
		RT_TELL(mremap, rt_range_drop(self, &site, (char *)where + stays, bytes - stays, RT_UNMAP));
	void *range = rt_real.mremap(where, old_bytes, wanted, flags, fixed);
	if (range == MAP_FAILED || RT_BY_ALLOCATOR)
		return range;
	RT_TELL_ALWAYS(mremap, {
		if (range != where) {
			if (bytes)
				rt_range_fresh(self, where, bytes);
			rt_range_fresh(self, range, new_bytes);
			rt_range_mapped(self, &site, range, new_bytes, "moved mapping");
			if (is_shown)
				rt_shared_map_again(self, &site, range, new_bytes, &shown);
		} else if (new_bytes > bytes && is_shown) {
			shown.offset += bytes;
			rt_range_fresh(self, (char *)range + bytes, new_bytes - bytes);
			rt_shared_map_again(self, &site, (char *)range + bytes, new_bytes - bytes, &shown);
		} else if (new_bytes > bytes) {
			rt_range_fresh(self, (char *)range + bytes, new_bytes - bytes);
		} else {
			rt_range_fresh(self, (char *)range + new_bytes, bytes - new_bytes);
		}
	});
	return range;
}

int rt_wrap_mprotect(void *where, size_t bytes, int protection)
{
	if (protection & PROT_WRITE)
		rt_rewrite_changing(where, whole_pages(bytes));
	return rt_real.mprotect(where, bytes, protection);
}

int rt_wrap_pkey_mprotect(void *where, size_t bytes, int protection, int key)
{
	if (protection & PROT_WRITE)
		rt_rewrite_changing(where, whole_pages(bytes));
	return rt_real.pkey_mprotect(where, bytes, protection, key);
}

int rt_wrap_madvise(void *where, size_t bytes, int advice)
{
	struct rt_shown shown;
	bool shares =
		rt_shared_shown(where, &shown); /* what is shared stays, but for what is removed from all */
	bool drops = advice == MADV_REMOVE || (!shares && (advice == MADV_DONTNEED || advice == MADV_FREE));
	if (drops && !RT_BY_ALLOCATOR && is_range(where, bytes))
		RT_TELL(madvise, rt_range_drop(self, &site, where, bytes, RT_WRITE));
	return rt_real.madvise(where, bytes, advice);
}

void *rt_wrap_shmat(int id, const void *where, int flags)
{
	void *range = rt_real.shmat(id, where, flags);
	struct shmid_ds segment;
	if (range != (void *)-1 && !rt_real.shmctl(id, IPC_STAT, &segment))
		RT_TELL_ALWAYS(shmat, {
			rt_range_fresh(self, range, segment.shm_segsz);
			rt_range_mapped(self, &site, range, segment.shm_segsz, "System V shared memory");
			rt_share_attached(self, &site, range, segment.shm_segsz, id, flags);
		});
	shared();
	return range;
}

int rt_wrap_shmdt(const void *where)
{
	RT_TELL_ALWAYS(shmdt, rt_range_unmap(self, &site, (void *)where, rt_range_bytes(where)));
	return rt_real.shmdt(where);
}
