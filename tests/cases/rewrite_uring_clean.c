// cflags: -Wl,--no-as-needed -luring
// Completions that are found by looks in line, without a call: by liburing's code and by a ring that the program mapped itself.
#define _GNU_SOURCE
#include <fcntl.h>
#include <liburing.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "gate.h"
#include "pair.h"

enum { ROUNDS = 200 };

struct work {
	int state;
	char bytes[64];
};

static int file;
static struct io_uring ring;
static struct work works[ROUNDS];
static int results[ROUNDS];

static void *submit(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++) {
		struct io_uring_sqe *entry;
		while (!(entry = io_uring_get_sqe(&ring)))
			;
		works[i].state = i;
		io_uring_prep_read(entry, file, works[i].bytes, sizeof(works[i].bytes), 0);
		io_uring_sqe_set_data(entry, &works[i]);
		MUST(io_uring_submit(&ring) == 1);
	}
	return NULL;
}

static void collect(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct io_uring_cqe *event = NULL;
		unsigned head;
		while (!event) {
			io_uring_for_each_cqe(&ring, head, event) break;
			if (!event)
				sched_yield();
		}
		struct work *work = io_uring_cqe_get_data(event);
		results[work->state] = work->bytes[0] + event->res;
		work->state = -1;
		io_uring_cqe_seen(&ring, event);
	}
}

int main(void)
{
	pthread_t submitter;
	file = open("data", O_RDWR | O_CREAT, 0600);
	MUST(file >= 0 && write(file, works, 64) == 64 && !io_uring_queue_init(256, &ring, 0));
	MUST(!pthread_create(&submitter, NULL, submit, NULL));
	collect();
	pthread_join(submitter, NULL);
	io_uring_queue_exit(&ring);
	MUST(!unlink("data"));
	return 0;
}
