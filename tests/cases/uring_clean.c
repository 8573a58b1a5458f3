// cflags: -Wl,--no-as-needed -luring
// Who looks at a ring's completions comes after who handed its entries over, and after who wrote what they took in. By calls: looks in line are
// rewrite_ring_clean's.
#define _GNU_SOURCE
#include <fcntl.h>
#include <liburing.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include "pair.h"

enum { BYTES = 64, MANY = 20000 };

static int file, waking[2], listener, client;
static char bytes[8][BYTES], handed[BYTES];
static struct io_uring ring;
static struct sockaddr_in address;

static struct io_uring_sqe *entry(void)
{
	struct io_uring_sqe *made = io_uring_get_sqe(&ring);
	MUST(made);
	return made;
}

static int collect(void)
{
	struct io_uring_cqe *event;
	struct __kernel_timespec most = {100, 0};
	MUST(!io_uring_wait_cqe_timeout(&ring, &event, &most));
	int result = event->res;
	io_uring_cqe_seen(&ring, event);
	return result;
}

static void submit(void)
{
	racetrack_write(bytes[0], BYTES);
	racetrack_write(handed, 1);
	io_uring_prep_read(entry(), file, bytes[0], BYTES, 0);
	MUST(io_uring_submit_and_wait(&ring, 1) == 1);
}

static void collect_other(void)
{
	struct io_uring_cqe *events[2];
	MUST(io_uring_peek_batch_cqe(&ring, events, 2) == 1 && events[0]->res == BYTES);
	io_uring_cq_advance(&ring, 1);
	racetrack_write(bytes[0], BYTES);
	racetrack_write(handed, 1);
}

/* The entry waits as the others write and connect. */
static void ask_for_both(void)
{
	io_uring_prep_read(entry(), waking[0], bytes[1], 1, 0);
	io_uring_prep_accept(entry(), listener, NULL, NULL, 0);
	MUST(io_uring_submit(&ring) == 2);
}

static void wake(void)
{
	racetrack_write(handed + 1, 1);
	MUST(write(waking[1], "x", 1) == 1);
}

static void connect_to(void)
{
	racetrack_write(handed + 2, 1);
	MUST(!connect(client, (struct sockaddr *)&address, sizeof(address)));
}

static void collect_woken(void)
{
	MUST(collect() == 1);
	racetrack_write(handed + 1, 1);
	racetrack_write(bytes[1], 1);
}

static void collect_connected(void)
{
	int accepted = collect();
	MUST(accepted >= 0);
	racetrack_write(handed + 2, 1);
	io_uring_prep_close(entry(), accepted);
	MUST(io_uring_submit(&ring) == 1);
	MUST(!collect());
}

static void made_otherwise(void)
{
	struct io_uring other;
	struct io_uring_params params = {0};
	struct io_uring_cqe *event;
	MUST(!io_uring_queue_init_params(4, &other, &params));
	io_uring_queue_exit(&other);
	params = (struct io_uring_params){0};
	int fd = io_uring_setup(4, &params);
	MUST(fd >= 0 && !io_uring_queue_mmap(fd, &params, &other));
	io_uring_prep_nop(io_uring_get_sqe(&other));
	MUST(io_uring_submit(&other) == 1 && !io_uring_wait_cqe(&other, &event));
	io_uring_queue_exit(&other);
}

static void timeouts(void)
{
	struct __kernel_timespec short_time = {0, 1000};
	struct io_uring_cqe *event;
	MUST(io_uring_wait_cqes(&ring, &event, 1, &short_time, NULL) == -ETIME);
	MUST(io_uring_submit_and_wait_timeout(&ring, &event, 1, &short_time, NULL) == -ETIME);
}

static void many(void)
{
	for (int i = 0; i < MANY; i++) {
		racetrack_write(bytes[2], BYTES);
		io_uring_prep_read(entry(), file, bytes[2], BYTES, 0);
		MUST(io_uring_submit(&ring) == 1 && collect() == BYTES);
	}
}

static void listen_somewhere(void)
{
	socklen_t room = sizeof(address);
	address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	MUST((listener = socket(AF_INET, SOCK_STREAM, 0)) >= 0 &&
		(client = socket(AF_INET, SOCK_STREAM, 0)) >= 0);
	MUST(!bind(listener, (struct sockaddr *)&address, sizeof(address)) && !listen(listener, 8));
	MUST(!getsockname(listener, (struct sockaddr *)&address, &room));
}

int main(void)
{
	file = open("data", O_RDWR | O_CREAT, 0600);
	MUST(file >= 0 && write(file, bytes, BYTES) == BYTES && !pipe(waking));
	MUST(!io_uring_queue_init(8, &ring, 0));
	listen_somewhere();
	pair_run(submit, collect_other);
	ask_for_both();
	pair_run(wake, collect_woken);
	pair_run(connect_to, collect_connected);
	made_otherwise();
	timeouts();
	many();
	io_uring_queue_exit(&ring);
	MUST(!unlink("data"));
	return 0;
}
