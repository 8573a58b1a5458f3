// cflags: -Wl,--no-as-needed -luring
// A buffer is the kernel's from its entry's submission until the completions were looked at.
#define _GNU_SOURCE
#include <fcntl.h>
#include <liburing.h>
#include <unistd.h>
#include "pair.h"

enum { BYTES = 64 };

static int file;
static char bytes[8][BYTES];
static struct io_uring ring;
static volatile char sink;

static struct io_uring_sqe *entry(void)
{
	struct io_uring_sqe *made = io_uring_get_sqe(&ring);
	MUST(made);
	return made;
}

static void collect_one(void)
{
	struct io_uring_cqe *event;
	struct __kernel_timespec most = {100, 0};
	MUST(!io_uring_wait_cqe_timeout(&ring, &event, &most) && event->res > 0);
	io_uring_cqe_seen(&ring, event);
}

/* By the thread that handed the entry over. */
static void read_and_write(void)
{
	io_uring_prep_read(entry(), file, bytes[0], BYTES, 0);
	MUST(io_uring_submit(&ring) == 1); // race: race-data READ
	sink = bytes[0][BYTES - 1];        // race: race-data READ
	collect_one();
	bytes[0][1]++;
	io_uring_prep_write(entry(), file, bytes[1], BYTES, 0);
	MUST(io_uring_submit_and_get_events(&ring) == 1); // race: race-data WRITE
	sink = bytes[1][2];
	bytes[1][0] = 1; // race: race-data WRITE
	collect_one();
	bytes[1][0] = 2;
}

static void in_parts(void)
{
	struct iovec parts[] = {{bytes[2], 1}, {bytes[2] + 8, BYTES - 8}};
	io_uring_prep_readv(entry(), file, parts, 2, 0);
	MUST(io_uring_submit(&ring) == 1); // race: race-data PARTS
	bytes[2][1] = 1;
	sink = bytes[2][8]; // race: race-data PARTS
	collect_one();
}

static void too_early(void)
{
	read_and_write();
	in_parts();
}

static void nothing(void)
{
}

/* The other thread has no order with the work, though it is over. */
static void ask(void)
{
	io_uring_prep_read(entry(), file, bytes[4], BYTES, 0);
	MUST(io_uring_submit(&ring) == 1); // race: race-data OTHER
	collect_one();
}

static void other(void)
{
	sink = bytes[4][3]; // race: race-data OTHER
}

int main(void)
{
	file = open("data", O_RDWR | O_CREAT, 0600);
	MUST(file >= 0 && write(file, bytes, BYTES) == BYTES);
	MUST(!io_uring_queue_init(8, &ring, 0));
	pair_run(too_early, nothing);
	pair_run(ask, other);
	io_uring_queue_exit(&ring);
	MUST(!unlink("data"));
	return 0;
}
