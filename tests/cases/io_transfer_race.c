// Bytes that were moved elsewhere order nothing; neither do events and timers that are others, and what was not there.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "steps.h"

static int pipes[3][2], events[2], timers[2];
static char value_read[8] __attribute__((aligned(8)));

#define PUT(fd) MUST(write(fd, "x", 1) == 1)

static void set_timer(int which)
{
	struct itimerspec value = {.it_value = {0, 1}};
	MUST(!timerfd_settime(timers[which], 0, &value, NULL));
}

static void wait_for_timer(int which)
{
	char to[8];
	set_timer(which);
	MUST(read(timers[which], to, 8) == 8);
}

static void find_nothing(int fd)
{
	eventfd_t value;
	MUST(eventfd_read(fd, &value) == -1 && errno == EAGAIN);
}

static void read_one(int fd)
{
	eventfd_t value;
	MUST(!eventfd_read(fd, &value));
}

static void steps(void)
{
	char to[8];
	HANDS(PUT(pipes[0][1]), (MUST(splice(pipes[2][0], NULL, pipes[1][1], NULL, 1, 0) == 1))); // race: race-data
	HANDS(MUST(!eventfd_write(events[0], 1)), read_one(events[1]));                           // race: race-data
	HANDS(0, find_nothing(events[1]));                                                        // race: race-data
	HANDS(set_timer(0), wait_for_timer(1));                                                   // race: race-data
	STEP(eventfd_read(events[0], (eventfd_t *)(void *)value_read), racetrack_read(value_read, 8)); // race: race-data
	HANDS(0, MUST(read(pipes[1][0], to, 1) == 1));                                            // race: race-data
}

int main(void)
{
	for (int i = 0; i < 3; i++)
		MUST(!pipe(pipes[i]));
	PUT(pipes[2][1]);
	for (int i = 0; i < 2; i++) {
		events[i] = eventfd(1, EFD_NONBLOCK);
		timers[i] = timerfd_create(CLOCK_MONOTONIC, 0);
	}
	steps_run();
	return 0;
}
