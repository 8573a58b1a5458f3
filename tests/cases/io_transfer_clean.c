// Bytes that were moved from descriptor to descriptor order who wrote them before who reads them; so do events, timers that run
// out, and a stream's end.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "steps.h"

enum { PIPES = 8 };

static int pipes[PIPES][2], files[4], pairs[2][2], events[2], timer;

#define PUT(fd)   MUST(write(fd, "x", 1) == 1)
#define GET(fd)   MUST(read(fd, to, 1) == 1)
#define ONE(call) MUST((call) == 1)

static void set_timer(void)
{
	struct itimerspec value = {.it_value = {0, 1}}, old;
	MUST(!timerfd_settime(timer, 0, &value, &old));
}

static void steps(void)
{
	char to[8];
	eventfd_t value;
	HANDS((PUT(pipes[0][1]), ONE(splice(pipes[0][0], NULL, pipes[1][1], NULL, 1, 0))), GET(pipes[1][0]));
	HANDS(PUT(pipes[2][1]), (ONE(splice(pipes[2][0], NULL, pipes[3][1], NULL, 1, 0))));
	HANDS((PUT(pipes[4][1]), ONE(tee(pipes[4][0], pipes[5][1], 1, 0))), GET(pipes[5][0]));
	HANDS(PUT(files[0]), ONE(sendfile(pairs[0][0], files[0], &(off_t){0}, 1)));
	HANDS(ONE(sendfile64(pipes[6][1], files[3], &(off64_t){0}, 1)), GET(pipes[6][0]));
	HANDS(PUT(files[1]), ONE(copy_file_range(files[1], &(off64_t){0}, files[2], NULL, 1, 0)));
	HANDS(MUST(!eventfd_write(events[0], 1)), MUST(!eventfd_read(events[0], &value)));
	HANDS(MUST(!eventfd_write(events[1], 1)), MUST(read(events[1], to, 8) == 8));
	HANDS(set_timer(), MUST(read(timer, to, 8) == 8));
	HANDS(MUST(!shutdown(pairs[1][0], SHUT_WR)), MUST(read(pairs[1][1], to, 1) == 0));
}

int main(void)
{
	char names[] = "abcd";
	for (int i = 0; i < PIPES; i++)
		MUST(!pipe(pipes[i]));
	for (int i = 0; i < 4; i++)
		files[i] = open((char[]){names[i], 0}, O_RDWR | O_CREAT, 0600);
	PUT(files[3]);
	for (int i = 0; i < 2; i++) {
		MUST(!socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]));
		events[i] = eventfd(0, 0);
	}
	timer = timerfd_create(CLOCK_MONOTONIC, 0);
	steps_run();
	return 0;
}
