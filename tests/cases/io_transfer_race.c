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

static void move(int from, int to)
{
	MUST(splice(from, NULL, to, NULL, 1, 0) == 1);
}

static void read_byte(int fd)
{
	char to[1];
	MUST(read(fd, to, 1) == 1);
}

static int read_value(int fd)
{
	return eventfd_read(fd, (eventfd_t *)(void *)value_read); // race: race-data VALUE
}

static void steps(void)
{
	HANDS(PUT(pipes[0][1]), move(pipes[2][0], pipes[1][1]));        // race: race-data
	HANDS(MUST(!eventfd_write(events[0], 1)), read_one(events[1])); // race: race-data
	HANDS(0, find_nothing(events[1]));                              // race: race-data
	HANDS(set_timer(0), wait_for_timer(1));                         // race: race-data
	STEP(read_value(events[0]), racetrack_read(value_read, 8));     // race: race-data VALUE
	HANDS(0, read_byte(pipes[1][0]));                               // race: race-data
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
