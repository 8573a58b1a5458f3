// cflags: -Wl,--no-as-needed -luring
// A ring's memory lies where another thread's block was, which the C library gave back to the system: both unseen.
#define _GNU_SOURCE
#include <liburing.h>
#include <stdlib.h>
#include <string.h>
#include "pair.h"

enum { LARGE = 8 << 20, ENTRIES = 8192 };

static struct io_uring ring;
static char *volatile block;

static void free_block(void)
{
	MUST((block = malloc(LARGE)));
	memset(block, 1, LARGE);
	free(block);
}

static void use_ring(void)
{
	MUST(!io_uring_queue_init(ENTRIES, &ring, 0));
	for (int i = 0; i < ENTRIES; i++)
		io_uring_prep_nop(io_uring_get_sqe(&ring));
	MUST(io_uring_submit(&ring) == ENTRIES);
}

int main(void)
{
	pair_run(free_block, use_ring);
	io_uring_queue_exit(&ring);
	return 0;
}
