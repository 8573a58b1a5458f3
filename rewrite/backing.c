#include "backing.h"

#include "shadow/sys.h"

enum { MFD_CLOEXEC_VALUE = 1, NO_FILE = -1 };

#define READ_WRITE (RT_PROT_READ | RT_PROT_WRITE)
#define READ_EXEC  (RT_PROT_READ | RT_PROT_EXEC)

static size_t bytes_of(struct rt_range range)
{
	return range.high - range.low;
}

static long protect(uintptr_t low, size_t bytes, int protection)
{
	return rt_syscall(__NR_mprotect, (long)low, (long)bytes, protection, 0, 0, 0);
}

void rt_backing_init(struct rt_backing *backing)
{
	backing->count = backing->last = 0;
	backing->bytes = 0;
	backing->file = NO_FILE;
}

void rt_backing_add(struct rt_backing *backing, struct rt_range range)
{
	backing->regions[backing->count++] =
		(struct rt_region){.range = range, .file_offset = backing->bytes};
	backing->bytes += bytes_of(range);
}

/* A memory file whose pages can be mapped executable, or NO_FILE. */
static int open_file(size_t bytes)
{
	if (bytes > rt_sys_file_limit()) /* it would be a signal */
		return NO_FILE;
	int file = (int)rt_syscall(__NR_memfd_create, (long)"racetrack-code", MFD_CLOEXEC_VALUE, 0, 0, 0, 0);
	if (file < 0)
		return NO_FILE;
	void *probe = NULL;
	if (!rt_sys_failed(rt_syscall(__NR_ftruncate, file, (long)bytes, 0, 0, 0, 0)))
		probe = rt_sys_mmap(NULL, RT_PAGE_BYTES, READ_EXEC, RT_MAP_PRIVATE, file, 0);
	if (probe) {
		rt_sys_munmap(probe, RT_PAGE_BYTES);
		return file;
	}
	rt_sys_close(file);
	return NO_FILE;
}

/* Written pages may become executable. */
static bool private_pages_work(void)
{
	char *probe = rt_sys_pages(RT_PAGE_BYTES);
	if (!probe)
		return false;
	*(volatile char *)probe = 0;
	bool works = !rt_sys_failed(protect((uintptr_t)probe, RT_PAGE_BYTES, READ_EXEC));
	rt_sys_munmap(probe, RT_PAGE_BYTES);
	return works;
}

static bool map_views(struct rt_backing *backing)
{
	for (uint32_t i = 0; i < backing->count; i++) {
		struct rt_region *region = &backing->regions[i];
		region->view = rt_sys_mmap(NULL, bytes_of(region->range), READ_WRITE,
			RT_MAP_SHARED | RT_MAP_NORESERVE, backing->file, (long)region->file_offset);
		if (!region->view)
			return false;
		rt_sys_madvise(region->view, bytes_of(region->range), RT_MADV_DONTDUMP);
	}
	return true;
}

void rt_backing_unmap(struct rt_backing *backing)
{
	for (uint32_t i = 0; i < backing->count && backing->file != NO_FILE; i++)
		if (backing->regions[i].view)
			rt_sys_munmap(backing->regions[i].view, bytes_of(backing->regions[i].range));
	for (uint32_t i = 0; i < backing->count; i++)
		backing->regions[i].view = NULL;
}

void rt_backing_close(struct rt_backing *backing)
{
	if (backing->file != NO_FILE)
		rt_sys_close(backing->file);
	backing->file = NO_FILE;
}

/* Jumps are strewn: a page each, not a huge one. */
static bool open_regions(struct rt_backing *backing)
{
	if (!private_pages_work())
		return false;
	for (uint32_t i = 0; i < backing->count; i++) {
		struct rt_range range = backing->regions[i].range;
		if (rt_sys_failed(protect(range.low, bytes_of(range), READ_WRITE)))
			return false;
		rt_sys_madvise((void *)range.low, bytes_of(range), RT_MADV_NOHUGEPAGE);
		backing->regions[i].view = (uint8_t *)range.low;
	}
	return true;
}

static void shut_regions(struct rt_backing *backing)
{
	for (uint32_t i = 0; i < backing->count; i++) {
		struct rt_range range = backing->regions[i].range;
		protect(range.low, bytes_of(range), RT_PROT_NONE);
		backing->regions[i].view = NULL;
	}
}

/* Pages that need one fault each and no second view, if they may. */
bool rt_backing_open(struct rt_backing *backing)
{
	if (open_regions(backing))
		return true;
	shut_regions(backing);
	backing->file = open_file(backing->bytes);
	return backing->file != NO_FILE && map_views(backing);
}

uint8_t *rt_backing_at(struct rt_backing *backing, uintptr_t address)
{
	const struct rt_region *region = &backing->regions[backing->last];
	if (address - region->range.low >= bytes_of(region->range)) {
		uint32_t i = 0;
		while (address - backing->regions[i].range.low >= bytes_of(backing->regions[i].range))
			RT_CHECK(++i < backing->count);
		backing->last = i;
		region = &backing->regions[i];
	}
	return region->view + (address - region->range.low);
}

void rt_backing_prefer_huge(const struct rt_backing *backing, struct rt_range range, bool is_preferred)
{
	if (backing->file == NO_FILE)
		rt_sys_madvise((void *)range.low, bytes_of(range),
			is_preferred ? RT_MADV_HUGEPAGE : RT_MADV_NOHUGEPAGE);
}

bool rt_backing_run(struct rt_backing *backing, struct rt_range run)
{
	if (backing->file == NO_FILE)
		return !rt_sys_failed(protect(run.low, bytes_of(run), READ_EXEC));
	uint32_t i = 0;
	while (run.low - backing->regions[i].range.low >= bytes_of(backing->regions[i].range))
		i++;
	size_t offset = backing->regions[i].file_offset + (run.low - backing->regions[i].range.low);
	return rt_sys_mmap((void *)run.low, bytes_of(run), READ_EXEC, RT_MAP_PRIVATE | RT_MAP_FIXED,
		       backing->file, (long)offset) != NULL;
}
