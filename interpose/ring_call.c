/* Rings that the program sets up by the bare system calls and mappings: syscall(2) and mmap(2). */
#include "ring.h"

#include <sys/syscall.h>

bool rt_rings_bare;

/* What the kernel said of a ring, and where the program has its parts. */
struct bare {
	struct bare *next;
	int fd;
	struct io_uring_params params;
	const char *submissions;
	const struct io_uring_sqe *entries;
};

static struct {
	struct rt_spin spin;
	struct bare *first;
} bares RT_AT_FORK;

/* A number that stands for another ring now has that one. */
static struct bare *bare_of(int fd)
{
	rt_spin_lock(&bares.spin);
	struct bare *bare = bares.first;
	while (bare && bare->fd != fd)
		bare = bare->next;
	rt_spin_unlock(&bares.spin);
	return bare;
}

static void note(int fd, const struct io_uring_params *params)
{
	struct bare *bare = bare_of(fd), *fresh = bare ? NULL : rt_alloc(sizeof(*fresh));
	if (!bare && !(bare = fresh))
		return;
	*bare = (struct bare){.next = bare->next, .fd = fd, .params = *params};
	if (!fresh)
		return;
	rt_spin_lock(&bares.spin);
	bare->next = bares.first;
	bares.first = bare;
	rt_spin_unlock(&bares.spin);
	__atomic_store_n(&rt_rings_bare, true, __ATOMIC_RELAXED);
}

void rt_ring_mapped(struct rt_thread *self, struct rt_site *site, int fd, uint64_t offset, const void *range)
{
	struct bare *bare = bare_of(fd);
	if (!bare)
		return;
	bool both = bare->params.features & IORING_FEAT_SINGLE_MMAP;
	const char *completions =
		offset == IORING_OFF_CQ_RING || (offset == IORING_OFF_SQ_RING && both) ? range : NULL;
	if (offset == IORING_OFF_SQ_RING)
		bare->submissions = range;
	if (offset == IORING_OFF_SQES)
		bare->entries = range;
	if (completions)
		rt_ring_get(self, site, fd, (const uint32_t *)(completions + bare->params.cq_off.tail));
}

static uint32_t word_at(const struct bare *bare, uint32_t offset)
{
	return __atomic_load_n((const uint32_t *)(bare->submissions + offset), __ATOMIC_ACQUIRE);
}

/* The entries that the kernel has not got yet. Where the program published none in order, an array says which they are. */
static void submit(struct rt_thread *self, struct rt_site *site, int fd, uint32_t count)
{
	const struct bare *bare = bare_of(fd);
	struct rt_ring *ring = bare && bare->submissions && bare->entries ? rt_ring_of(fd) : NULL;
	if (!ring || bare->params.flags & IORING_SETUP_SQPOLL)
		return;
	const struct io_sqring_offsets *at = &bare->params.sq_off;
	uint32_t head = word_at(bare, at->head), ready = word_at(bare, at->tail) - head;
	uint32_t mask = word_at(bare, at->ring_mask),
		 scale = bare->params.flags & IORING_SETUP_SQE128 ? 2 : 1;
	for (uint32_t i = 0; i < ready && i < count && i <= mask; i++) {
		uint32_t place = word_at(bare, at->array + ((head + i) & mask) * (uint32_t)sizeof(uint32_t));
		if (place <= mask)
			rt_ring_submits(self, site, ring, &bare->entries[place * scale]);
	}
}

void rt_ring_before(struct rt_thread *self, struct rt_site *site, long number, const long arguments[6])
{
	if (number == __NR_io_uring_enter)
		submit(self, site, (int)arguments[0], (uint32_t)arguments[1]);
}

void rt_ring_after(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6], long result)
{
	struct io_uring_params params;
	if (number == __NR_io_uring_setup && result >= 0 &&
		rt_safe_read((uintptr_t)arguments[1], &params, sizeof(params))) {
		rt_ring_gone(self, site, (int)result); /* that of the number's last life */
		note((int)result, &params);
	}
	struct rt_ring *ring = number == __NR_io_uring_enter ? rt_ring_of((int)arguments[0]) : NULL;
	if (ring && (arguments[3] & IORING_ENTER_GETEVENTS))
		rt_ring_looked(self, site, ring);
}
