/* Rings of io_uring(7): entries that the program fills and hands over are work of the kernel's, whose ends it finds in a ring of
 * completions, often by a look at its tail alone.
 *
 * All work of a ring is one thread (shadow/async.h), from its first entry until the ring goes: an entry's work begins after who
 * handed it over and ends at the next look at the ring's completions, as which of them a look has found is not seen. What the work
 * did it releases to the tail of the completions, a sync variable: a load of it in code that is looked at acquires, and so do
 * the calls that look there. What others write to a descriptor from which an entry takes is released there, too.
 *
 * Who may include it: interpose/. Inside the engine. */
#ifndef RACETRACK_INTERPOSE_RING_H
#define RACETRACK_INTERPOSE_RING_H

#include "wrap.h"

#include <linux/io_uring.h>

/* Bits of a filter: two keys of one bit order more than there is. */
enum { RT_RING_INPUTS = 4096 };

struct rt_ring {
	struct rt_ring *next;
	const uint32_t *tail; /* of its completions; it is known by that */
	int fd, pid;
	struct rt_thread *worker; /* NULL: there has been no entry yet */
	uint32_t thread;
	struct rt_spin spin;                  /* one at a time works */
	uint64_t inputs[RT_RING_INPUTS / 64]; /* keys of what entries took from */
};

/* Makes it, where it is not known. NULL: no memory. */
RT_HIDDEN struct rt_ring *rt_ring_get(
	struct rt_thread *self, struct rt_site *site, int fd, const uint32_t *tail);
/* NULL: it is not known. */
RT_HIDDEN struct rt_ring *rt_ring_of(int fd);
RT_HIDDEN void rt_ring_gone(struct rt_thread *self, struct rt_site *site, int fd);

/* An entry takes from what the key stands for. `self` is the worker. */
RT_HIDDEN void rt_ring_takes(
	struct rt_thread *self, struct rt_site *site, struct rt_ring *ring, uint64_t key);

/* Before the kernel gets an entry. */
RT_HIDDEN void rt_ring_submits(
	struct rt_thread *self, struct rt_site *site, struct rt_ring *ring, const struct io_uring_sqe *entry);
/* What it does, as the worker. (ring_entry.c) */
RT_HIDDEN void rt_ring_works(struct rt_thread *worker, struct rt_site *site, struct rt_ring *ring,
	const struct io_uring_sqe *entry);
/* What the kernel reads as it gets the entry, and does by the thread. (ring_entry.c) */
RT_HIDDEN void rt_ring_given(struct rt_thread *self, struct rt_site *site, const struct io_uring_sqe *entry);
/* The thread has looked at the completions. */
RT_HIDDEN void rt_ring_looked(struct rt_thread *self, struct rt_site *site, struct rt_ring *ring);

/* Something is released to a descriptor: entries may take from that. Nothing where no entry takes from anything. */
extern RT_HIDDEN bool rt_rings_take;
RT_HIDDEN void rt_rings_released(struct rt_thread *self, struct rt_site *site, uint64_t key);
static inline void rt_rings_release(struct rt_thread *self, struct rt_site *site, uint64_t key)
{
	if (RT_UNLIKELY(__atomic_load_n(&rt_rings_take, __ATOMIC_RELAXED)))
		rt_rings_released(self, site, key);
}

/* ---- by the bare system calls (ring_call.c) ---- */

RT_HIDDEN void rt_ring_before(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6]);
RT_HIDDEN void rt_ring_after(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6], long result);
/* A mapping of a descriptor that was found to be a ring's. */
extern RT_HIDDEN bool rt_rings_bare;
RT_HIDDEN void rt_ring_mapped(
	struct rt_thread *self, struct rt_site *site, int fd, uint64_t offset, const void *range);

#endif
