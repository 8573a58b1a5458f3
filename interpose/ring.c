#include "ring.h"

#include "descriptor.h"
#include "shadow/async.h"
#include "shadow/infer.h"
#include "shadow/sys.h"

#define KEY(address) ((uintptr_t)(address))

static const char kind[] = "io_uring";

static struct {
	struct rt_spin spin;
	struct rt_ring *first;
} rings RT_AT_FORK;

bool rt_rings_take;

/* A child has its parent's rings, whose work the parent sees. */
static struct rt_ring *find(int fd, const uint32_t *tail)
{
	struct rt_ring *ring;
	rt_spin_lock(&rings.spin);
	for (ring = rings.first; ring; ring = ring->next)
		if (ring->pid == rt_sys_getpid() && (tail ? ring->tail == tail : ring->fd == fd))
			break;
	rt_spin_unlock(&rings.spin);
	return ring;
}

struct rt_ring *rt_ring_of(int fd)
{
	return find(fd, NULL);
}

struct rt_ring *rt_ring_get(struct rt_thread *self, struct rt_site *site, int fd, const uint32_t *tail)
{
	struct rt_ring *ring = find(fd, tail);
	if (ring || !(ring = rt_alloc(sizeof(*ring))))
		return ring;
	ring->tail = tail;
	ring->fd = fd;
	ring->pid = rt_sys_getpid();
	rt_infer_named(self, site, KEY(tail), kind);
	rt_spin_lock(&rings.spin);
	ring->next = rings.first;
	rings.first = ring;
	rt_spin_unlock(&rings.spin);
	return ring;
}

void rt_ring_gone(struct rt_thread *self, struct rt_site *site, int fd)
{
	struct rt_ring **at = &rings.first, *ring = NULL;
	rt_spin_lock(&rings.spin);
	while (*at && ((*at)->fd != fd || (*at)->pid != rt_sys_getpid()))
		at = &(*at)->next;
	if (*at) {
		ring = *at;
		*at = ring->next;
	}
	rt_spin_unlock(&rings.spin);
	if (!ring)
		return;
	rt_ring_looked(self, site, ring);
	if (ring->worker)
		rt_async_end(self, ring->thread);
	rt_sync_destroy(self, KEY(ring));
	rt_free(ring, sizeof(*ring));
}

/* ---- what others write ---- */

static uint64_t *word_of(struct rt_ring *ring, uint64_t key, uint64_t *bit)
{
	uint64_t hash = key * 0x9e3779b97f4a7c15ull >> 52;
	*bit = 1ull << hash % 64;
	return &ring->inputs[hash / 64];
}
_Static_assert(RT_RING_INPUTS == 1 << (64 - 52), "the highest bits of the product");

void rt_rings_released(struct rt_thread *self, struct rt_site *site, uint64_t key)
{
	uint64_t bit;
	rt_spin_lock(&rings.spin);
	for (struct rt_ring *ring = rings.first; ring; ring = ring->next)
		if (__atomic_load_n(word_of(ring, key, &bit), __ATOMIC_RELAXED) & bit)
			rt_sync_release(self, site, KEY(ring->tail), kind);
	rt_spin_unlock(&rings.spin);
}

/* What was written before it was asked for, too. */
void rt_ring_takes(struct rt_thread *worker, struct rt_site *site, struct rt_ring *ring, uint64_t key)
{
	uint64_t bit, *word = word_of(ring, key, &bit);
	__atomic_fetch_or(word, bit, __ATOMIC_RELAXED);
	__atomic_store_n(&rt_rings_take, true, __ATOMIC_SEQ_CST);
	rt_sync_acquire(worker, site, key, "descriptor");
}

/* ---- entries, and their ends ---- */

void rt_ring_submits(
	struct rt_thread *self, struct rt_site *site, struct rt_ring *ring, const struct io_uring_sqe *entry)
{
	struct io_uring_sqe copy;
	if (!rt_safe_read((uintptr_t)entry, &copy, sizeof(copy)))
		return;
	rt_ring_given(self, site, &copy);
	rt_spin_lock(&ring->spin);
	if (!ring->worker)
		ring->worker = rt_async_begin(self, site, kind, &ring->thread);
	else if (!rt_sync_ignored(self))
		rt_sync_release(self, site, KEY(ring), kind);
	if (ring->worker) {
		rt_async_enter(self, ring->worker);
		rt_sync_acquire(ring->worker, site, KEY(ring), kind);
		rt_ring_works(ring->worker, site, ring, &copy);
		rt_sync_release(ring->worker, site, KEY(ring->tail), kind);
		rt_async_leave(self, ring->worker);
	}
	rt_spin_unlock(&ring->spin);
}

void rt_ring_looked(struct rt_thread *self, struct rt_site *site, struct rt_ring *ring)
{
	if (!rt_sync_ignored(self))
		rt_sync_acquire(self, site, KEY(ring->tail), kind);
}
