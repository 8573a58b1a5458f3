#include "arena.h"

#include "engine.h"
#include "sys.h"

/* Sizes of 2^4 to 2^16 bytes come from lists; larger ones are mappings of their own. */
enum { SMALLEST_LOG = 4, LARGEST_LOG = 16, CHUNK_BYTES = 1 << 18, FIRST_CHUNK_BYTES = 1 << LARGEST_LOG };

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
		/* The first ones lie with the tables: a fork copies what leads to pages, too. */
		size_t room = list->chunk ? CHUNK_BYTES : FIRST_CHUNK_BYTES;
		char *chunk = list->chunk ? rt_sys_pages(room) : rt_reserve_hot(room, room, &room);
		if (!chunk)
			return NULL;
		list->chunk = chunk;
		list->chunk_left = room;
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

/* Large ones move by their pages: nothing is copied. */
void *rt_alloc_more(void *memory, size_t bytes, size_t wanted)
{
	enum { MREMAP_MAYMOVE_FLAG = 1 };
	if (memory && size_log(bytes) > LARGEST_LOG) {
		long moved = rt_syscall(__NR_mremap, (long)memory, (long)whole_pages(bytes),
			(long)whole_pages(wanted), MREMAP_MAYMOVE_FLAG, 0, 0);
		return rt_sys_failed(moved) ? NULL : (void *)moved;
	}
	void *larger = rt_alloc(wanted);
	if (larger && memory) {
		rt_bytes_copy(larger, memory, bytes);
		rt_free(memory, bytes);
	}
	return larger;
}

/* ---- reservations ---- */

enum { RESERVATIONS = 256 };

/* What reservations are cut from. */
struct pool {
	char *at;
	size_t left;
};

/* A process that starts often should not pay for twenty mappings; and one that forks pays for each page that was touched, ten
 * times as much for each 2 MiB that have such a page, and again three times as much for each GiB. So what every process has to do
 * with lies together, next to the libraries: the largest table farthest away, the small ones, and the beginnings of others. */
static struct {
	struct rt_spin spin;
	struct rt_reservation {
		char *low;
		size_t bytes; /* 0: a free entry */
	} list[RESERVATIONS];
	size_t bytes;
	struct pool largest, small, hot; /* from low addresses on */
	struct pool others;
	/* Where address space is scarce: what all tables together may take (0: no limit), and what leaves are cut from. */
	size_t table_budget;
	char *leaves;
	size_t leaves_left;
	char *kept_free; /* NULL: nothing */
} reserved;

#define TABLE_BYTES   ((size_t)11 << 27) /* all tables at their largest */
#define LARGEST_BYTES ((size_t)348 << 20)
#define SMALL_BYTES   ((size_t)6 << 20)
#define HOT_BYTES     ((size_t)104 << 20)
#define NEAR_BYTES    (LARGEST_BYTES + SMALL_BYTES + HOT_BYTES)
#define KEPT_FREE     ((size_t)5 << 30) /* two ways of 2 GiB, and libraries */

enum {
	/* Of a limited address space tables get one part in so many, the leaves of directories another. */
	SCARCE_SHARE = 16,
	SMALL_TABLE_BYTES = 1 << 20, /* not scaled */
};

size_t rt_reserved_bytes(void)
{
	return __atomic_load_n(&reserved.bytes, __ATOMIC_RELAXED);
}

void rt_reserved_add(const void *where, size_t bytes)
{
	if (!where)
		return;
	rt_spin_lock(&reserved.spin);
	for (unsigned i = 0; i < RESERVATIONS; i++)
		if (!reserved.list[i].bytes) {
			reserved.list[i] = (struct rt_reservation){(char *)where, bytes};
			break;
		}
	rt_spin_unlock(&reserved.spin);
	__atomic_fetch_add(&reserved.bytes, bytes, __ATOMIC_RELAXED);
}

void rt_reserved_remove(const void *where, size_t bytes)
{
	rt_spin_lock(&reserved.spin);
	for (unsigned i = 0; i < RESERVATIONS; i++)
		if (reserved.list[i].low == where)
			reserved.list[i].bytes = 0;
	rt_spin_unlock(&reserved.spin);
	__atomic_fetch_sub(&reserved.bytes, bytes, __ATOMIC_RELAXED);
}

uintptr_t rt_reserved_next(uintptr_t from, uintptr_t *end)
{
	uintptr_t next = UINTPTR_MAX;
	*end = UINTPTR_MAX;
	rt_spin_lock(&reserved.spin);
	for (unsigned i = 0; i < RESERVATIONS; i++) {
		uintptr_t low = (uintptr_t)reserved.list[i].low, high = low + reserved.list[i].bytes;
		if (high > low && high > from && low < next) {
			next = low;
			*end = high;
		}
	}
	rt_spin_unlock(&reserved.spin);
	return next;
}

void *rt_reserve_pages(size_t bytes)
{
	char *memory = rt_sys_pages(bytes);
	if (!memory)
		return NULL;
	rt_sys_madvise(memory, bytes, RT_MADV_DONTDUMP);
	rt_sys_madvise(memory, bytes, RT_MADV_NOHUGEPAGE);
	rt_reserved_add(memory, bytes);
	return memory;
}

static struct pool make_pool(size_t bytes)
{
	char *memory = rt_reserve_pages(bytes);
	return (struct pool){memory, memory ? bytes : 0};
}

/* What is behind the first `bytes`, which remain. */
static struct pool cut_pool(struct pool *pool, size_t bytes)
{
	struct pool rest = {0};
	if (pool->left) {
		rest = (struct pool){pool->at + bytes, pool->left - bytes};
		pool->left = bytes;
	}
	return rest;
}

void rt_reserve_init(size_t address_space)
{
	size_t share = address_space / SCARCE_SHARE & ~(size_t)(RT_PAGE_BYTES - 1);
	reserved.leaves = share ? rt_reserve_pages(share) : NULL;
	reserved.leaves_left = reserved.leaves ? share : 0;
	if (address_space && address_space / SCARCE_SHARE < TABLE_BYTES) {
		reserved.table_budget = address_space / SCARCE_SHARE;
		return;
	}
	reserved.largest = make_pool(NEAR_BYTES);
	reserved.small = cut_pool(&reserved.largest, LARGEST_BYTES);
	reserved.hot = cut_pool(&reserved.small, SMALL_BYTES);
	if (!address_space)
		reserved.kept_free = rt_sys_mmap(NULL, KEPT_FREE, RT_PROT_NONE,
			RT_MAP_PRIVATE | RT_MAP_ANONYMOUS | RT_MAP_NORESERVE, -1, 0);
	reserved.others = make_pool(TABLE_BYTES - NEAR_BYTES);
}

void rt_reserve_open(void)
{
	if (reserved.kept_free)
		rt_sys_munmap(reserved.kept_free, KEPT_FREE);
	reserved.kept_free = NULL;
}

void rt_reserve_undo(void)
{
	rt_reserve_open();
	for (unsigned i = 0; i < RESERVATIONS; i++)
		if (reserved.list[i].bytes)
			rt_sys_munmap(reserved.list[i].low, reserved.list[i].bytes);
	rt_bytes_zero(&reserved, sizeof(reserved));
}

size_t rt_reserve_share(size_t most_bytes, size_t least_bytes)
{
	size_t share = most_bytes;
	while (reserved.table_budget && share > SMALL_TABLE_BYTES && share / 2 >= least_bytes &&
		share / RT_PAGE_BYTES > most_bytes / RT_PAGE_BYTES * reserved.table_budget / TABLE_BYTES)
		share /= 2;
	return share;
}

void *rt_reserve_leaf(size_t bytes)
{
	if (!reserved.leaves)
		return rt_sys_pages(bytes);
	rt_spin_lock(&reserved.spin);
	char *leaf = bytes <= reserved.leaves_left ? reserved.leaves : NULL;
	if (leaf) {
		reserved.leaves += bytes;
		reserved.leaves_left -= bytes;
	}
	rt_spin_unlock(&reserved.spin);
	return leaf;
}

static void *take(struct pool *pool, size_t bytes)
{
	rt_spin_lock(&reserved.spin);
	void *memory = bytes <= pool->left ? pool->at : NULL;
	if (memory) {
		pool->at += bytes;
		pool->left -= bytes;
	}
	rt_spin_unlock(&reserved.spin);
	return memory;
}

static void *reserve(size_t most_bytes, size_t least_bytes, size_t *bytes, bool hot)
{
	size_t whole = whole_pages(most_bytes);
	struct pool *pool = !hot                         ? &reserved.others
			    : whole <= SMALL_TABLE_BYTES ? &reserved.small
			    : whole <= HOT_BYTES         ? &reserved.hot
							 : &reserved.largest;
	void *memory = take(pool, whole);
	memory = memory ? memory : take(&reserved.others, whole);
	*bytes = memory ? most_bytes : 0;
	for (size_t want = rt_reserve_share(most_bytes, least_bytes); !memory && want >= least_bytes;
		want /= 2) {
		memory = rt_reserve_pages(whole_pages(want));
		*bytes = memory ? want : 0;
	}
	return memory;
}

void *rt_reserve(size_t most_bytes, size_t least_bytes, size_t *bytes)
{
	return reserve(most_bytes, least_bytes, bytes, false);
}

void *rt_reserve_hot(size_t most_bytes, size_t least_bytes, size_t *bytes)
{
	return reserve(most_bytes, least_bytes, bytes, true);
}
