#include "arena.h"

#include "engine.h"
#include "sys.h"

/* Sizes of 2^4 to 2^16 bytes come from lists; larger ones are mappings of their own. */
enum { SMALLEST_LOG = 4, LARGEST_LOG = 16, CHUNK_BYTES = 1 << 18 };

struct free_node {
	struct free_node *next;
};

struct size_list {
	struct rt_spin spin;
	struct free_node *free;
	char *chunk;       /* rest of the current chunk */
	size_t chunk_left; /* bytes in it */
};

static struct size_list lists[LARGEST_LOG + 1];

static unsigned size_log(size_t bytes)
{
	unsigned log = SMALLEST_LOG;
	while (((size_t)1 << log) < bytes)
		log++;
	return log;
}

static size_t whole_pages(size_t bytes)
{
	return (bytes + RT_PAGE_BYTES - 1) & ~(size_t)(RT_PAGE_BYTES - 1);
}

static void *take_fresh(struct size_list *list, size_t bytes)
{
	if (list->chunk_left < bytes) {
		char *chunk = rt_sys_pages(CHUNK_BYTES);
		if (!chunk)
			return NULL;
		list->chunk = chunk;
		list->chunk_left = CHUNK_BYTES;
	}
	void *memory = list->chunk;
	list->chunk += bytes;
	list->chunk_left -= bytes;
	return memory;
}

void *rt_alloc(size_t bytes)
{
	unsigned log = size_log(bytes);
	if (log > LARGEST_LOG)
		return rt_sys_pages(whole_pages(bytes));
	struct size_list *list = &lists[log];
	rt_spin_lock(&list->spin);
	struct free_node *node = list->free;
	void *memory = node;
	if (node)
		list->free = node->next;
	else
		memory = take_fresh(list, (size_t)1 << log);
	rt_spin_unlock(&list->spin);
	if (node)
		rt_bytes_zero(memory, (size_t)1 << log);
	return memory;
}

void rt_free(void *memory, size_t bytes)
{
	if (!memory)
		return;
	unsigned log = size_log(bytes);
	if (log > LARGEST_LOG) {
		rt_sys_munmap(memory, whole_pages(bytes));
		return;
	}
	struct size_list *list = &lists[log];
	struct free_node *node = memory;
	rt_spin_lock(&list->spin);
	node->next = list->free;
	list->free = node;
	rt_spin_unlock(&list->spin);
}

static size_t reserved_bytes;

size_t rt_reserved_bytes(void)
{
	return __atomic_load_n(&reserved_bytes, __ATOMIC_RELAXED);
}

void rt_reserved_add(size_t bytes)
{
	__atomic_fetch_add(&reserved_bytes, bytes, __ATOMIC_RELAXED);
}

/* One mapping that reservations are cut from: a process that starts often should not pay for twenty. */
static struct {
	char *at;
	size_t left;
	size_t most; /* of one reservation, where address space is scarce; 0: no limit */
} pool;

static void *reserve_pages(size_t bytes)
{
	char *memory = rt_sys_pages(bytes);
	if (!memory)
		return NULL;
	rt_sys_madvise(memory, bytes, RT_MADV_DONTDUMP);
	rt_sys_madvise(memory, bytes, RT_MADV_NOHUGEPAGE);
	rt_reserved_add(bytes);
	return memory;
}

void rt_reserve_init(size_t address_space)
{
	const size_t usual = (size_t)5 << 28, share = 64;
	if (address_space) {
		pool.most = address_space / share;
		return;
	}
	pool.at = reserve_pages(usual);
	pool.left = pool.at ? usual : 0;
}

void *rt_reserve(size_t most_bytes, size_t least_bytes, size_t *bytes)
{
	size_t whole = whole_pages(most_bytes);
	if (whole <= pool.left) {
		void *memory = pool.at;
		pool.at += whole;
		pool.left -= whole;
		*bytes = most_bytes;
		return memory;
	}
	for (size_t want = most_bytes; want >= least_bytes; want /= 2) {
		void *memory =
			pool.most && want > pool.most && want / 2 >= least_bytes ? NULL : reserve_pages(want);
		if (!memory)
			continue;
		*bytes = want;
		return memory;
	}
	*bytes = 0;
	return NULL;
}
