// A ring that the program sets up, maps and looks at by itself, without a library: one thread hands entries over, another one looks
// for their ends.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "pair.h"

enum { ROUNDS = 200, ENTRIES = 256 };

struct work {
	int state;
	char bytes[64];
};

static int file, ring;
static struct io_uring_params params;
static char *rings;
static struct io_uring_sqe *entries;
static struct work works[ROUNDS];
static int results[ROUNDS];

static unsigned *word(unsigned offset)
{
	return (unsigned *)(rings + offset);
}

static void map(void)
{
	size_t all;
	MUST((ring = (int)syscall(SYS_io_uring_setup, ENTRIES, &params)) >= 0);
	MUST(params.features & IORING_FEAT_SINGLE_MMAP);
	all = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	rings = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		IORING_OFF_SQES);
	MUST(rings != MAP_FAILED && entries != MAP_FAILED);
}

static void *submit(void *unused)
{
	unsigned mask = *word(params.sq_off.ring_mask);
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		unsigned tail = *word(params.sq_off.tail), place = tail & mask;
		works[i].state = i;
		entries[place] = (struct io_uring_sqe){.opcode = IORING_OP_READ,
			.fd = file,
			.addr = (uintptr_t)works[i].bytes,
			.len = sizeof(works[i].bytes),
			.user_data = (uintptr_t)&works[i]};
		word(params.sq_off.array)[place] = place;
		__atomic_store_n(word(params.sq_off.tail), tail + 1, __ATOMIC_RELEASE);
		MUST(syscall(SYS_io_uring_enter, ring, 1, 0, 0, NULL, 0) == 1);
	}
	return NULL;
}

static void collect(void)
{
	struct io_uring_cqe *events = (struct io_uring_cqe *)(rings + params.cq_off.cqes);
	unsigned mask = *word(params.cq_off.ring_mask), head = 0;
	for (int i = 0; i < ROUNDS; i++, head++) {
		while (__atomic_load_n(word(params.cq_off.tail), __ATOMIC_ACQUIRE) == head)
			sched_yield();
		struct work *work = (struct work *)(uintptr_t)events[head & mask].user_data;
		results[work->state] = work->bytes[0] + events[head & mask].res;
		work->state = -1;
		__atomic_store_n(word(params.cq_off.head), head + 1, __ATOMIC_RELEASE);
	}
}

int main(void)
{
	pthread_t submitter;
	file = open("data", O_RDWR | O_CREAT, 0600);
	MUST(file >= 0 && write(file, works, 64) == 64);
	map();
	MUST(!pthread_create(&submitter, NULL, submit, NULL));
	collect();
	pthread_join(submitter, NULL);
	MUST(!unlink("data"));
	return 0;
}
