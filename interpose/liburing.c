/* liburing's functions, which make their system calls without the C library's. A ring is found by what the program has of it: its
 * layout is the same in all of the library's versions, and what it does by code in line is seen where that is looked at. */
#include "ring.h"

#include "hooks/hooked.h"

/* struct io_uring of liburing.h, as far as it is needed. */
struct rt_library_ring {
	struct {
		uint32_t *words[7]; /* head, tail, mask, count, flags, dropped, array */
		struct io_uring_sqe *entries;
		uint32_t head, tail; /* of what was filled and not handed over yet */
		size_t bytes;
		void *mapping;
		uint32_t pad[4];
	} submissions;
	struct {
		uint32_t *head, *tail, *words[4];
		void *events;
		size_t bytes;
		void *mapping;
		uint32_t pad[4];
	} completions;
	uint32_t flags;
	int fd;
};

/* Its mappings are made by no call that is seen, perhaps where something was freed. */
static void tell_made(struct rt_thread *self, struct rt_site *site, const struct rt_library_ring *library)
{
	size_t entries = (*library->submissions.words[2] + 1ul) * sizeof(struct io_uring_sqe);
	rt_range_fresh(self, library->submissions.mapping, library->submissions.bytes);
	rt_range_fresh(self, library->completions.mapping, library->completions.bytes);
	rt_range_fresh(self, library->submissions.entries,
		library->flags & IORING_SETUP_SQE128 ? 2 * entries : entries);
	if (rt_watching)
		rt_call_access(self, site, library, sizeof(*library), RT_WRITE);
	rt_ring_get(self, site, library->fd, library->completions.tail);
}

static void tell_handed(struct rt_thread *self, struct rt_site *site, const struct rt_library_ring *library)
{
	struct rt_ring *ring = rt_ring_get(self, site, library->fd, library->completions.tail);
	uint32_t mask = *library->submissions.words[2];
	uint32_t scale = library->flags & IORING_SETUP_SQE128 ? 2 : 1;
	for (uint32_t at = library->submissions.head; ring && at != library->submissions.tail; at++)
		rt_ring_submits(self, site, ring, &library->submissions.entries[(at & mask) * scale]);
}

static void tell_looked(struct rt_thread *self, struct rt_site *site, const struct rt_library_ring *library)
{
	rt_ring_looked(self, site, rt_ring_get(self, site, library->fd, library->completions.tail));
}

#define HANDS(name)                                                                                          \
	do {                                                                                                 \
		if (rt_hooked_any() || rt_watching)                                                          \
			RT_TELL_ALWAYS(name, tell_handed(self, &site, ring));                                \
	} while (0)
#define LOOKS(name) RT_TELL_CAME(name, tell_looked(self, &site, ring))

#define MAKE_BODY(name, call)                                                                                \
	int result = call;                                                                                   \
	if (result >= 0)                                                                                     \
		RT_TELL_ALWAYS(name, tell_made(self, &site, ring));                                          \
	return result

int rt_wrap_io_uring_queue_init(unsigned int count, struct rt_library_ring *ring, unsigned int flags)
{
	MAKE_BODY(io_uring_queue_init, rt_real.io_uring_queue_init(count, ring, flags));
}

int rt_wrap_io_uring_queue_init_params(
	unsigned int count, struct rt_library_ring *ring, struct io_uring_params *params)
{
	MAKE_BODY(io_uring_queue_init_params, rt_real.io_uring_queue_init_params(count, ring, params));
}

int rt_wrap_io_uring_queue_mmap(int fd, struct io_uring_params *params, struct rt_library_ring *ring)
{
	MAKE_BODY(io_uring_queue_mmap, rt_real.io_uring_queue_mmap(fd, params, ring));
}

int rt_wrap_io_uring_submit(struct rt_library_ring *ring)
{
	HANDS(io_uring_submit);
	return rt_real.io_uring_submit(ring);
}

int rt_wrap_io_uring_submit_and_get_events(struct rt_library_ring *ring)
{
	HANDS(io_uring_submit_and_get_events);
	return rt_real.io_uring_submit_and_get_events(ring);
}

/* What it waits for the program finds by a look of its own. */
int rt_wrap_io_uring_submit_and_wait(struct rt_library_ring *ring, unsigned int least)
{
	HANDS(io_uring_submit_and_wait);
	int result = rt_real.io_uring_submit_and_wait(ring, least);
	if (least)
		LOOKS(io_uring_submit_and_wait);
	return result;
}

/* `to` gets an event, or more than one. */
#define LOOK_BODY(name, call)                                                                                \
	int result = call;                                                                                   \
	LOOKS(name);                                                                                         \
	if (result >= 0)                                                                                     \
		RT_TELL(name, RT_WRITES(to, sizeof(*to)));                                                   \
	return result

int rt_wrap_io_uring_submit_and_wait_timeout(struct rt_library_ring *ring, struct io_uring_cqe **to,
	unsigned int least, struct __kernel_timespec *most_time, sigset_t *set)
{
	HANDS(io_uring_submit_and_wait_timeout);
	RT_TELL_GIVEN(io_uring_submit_and_wait_timeout, most_time);
	LOOK_BODY(io_uring_submit_and_wait_timeout,
		rt_real.io_uring_submit_and_wait_timeout(ring, to, least, most_time, set));
}

int rt_wrap___io_uring_get_cqe(struct rt_library_ring *ring, struct io_uring_cqe **to, unsigned int submit,
	unsigned int least, sigset_t *set)
{
	LOOK_BODY(__io_uring_get_cqe, rt_real.__io_uring_get_cqe(ring, to, submit, least, set));
}

int rt_wrap_io_uring_wait_cqes(struct rt_library_ring *ring, struct io_uring_cqe **to, unsigned int least,
	struct __kernel_timespec *most_time, sigset_t *set)
{
	RT_TELL_GIVEN(io_uring_wait_cqes, most_time);
	LOOK_BODY(io_uring_wait_cqes, rt_real.io_uring_wait_cqes(ring, to, least, most_time, set));
}

int rt_wrap_io_uring_wait_cqe_timeout(
	struct rt_library_ring *ring, struct io_uring_cqe **to, struct __kernel_timespec *most_time)
{
	RT_TELL_GIVEN(io_uring_wait_cqe_timeout, most_time);
	LOOK_BODY(io_uring_wait_cqe_timeout, rt_real.io_uring_wait_cqe_timeout(ring, to, most_time));
}

unsigned int rt_wrap_io_uring_peek_batch_cqe(
	struct rt_library_ring *ring, struct io_uring_cqe **to, unsigned int most)
{
	unsigned int result = rt_real.io_uring_peek_batch_cqe(ring, to, most);
	LOOKS(io_uring_peek_batch_cqe);
	if (result)
		RT_TELL(io_uring_peek_batch_cqe, RT_WRITES(to, result * sizeof(*to)));
	return result;
}

void rt_wrap_io_uring_queue_exit(struct rt_library_ring *ring)
{
	int fd = ring->fd;
	rt_real.io_uring_queue_exit(ring);
	RT_TELL_ALWAYS(io_uring_queue_exit, rt_ring_gone(self, &site, fd));
}
