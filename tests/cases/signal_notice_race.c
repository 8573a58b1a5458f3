// What is written after a timer was set, or a message was sent, is not before the function that the C library calls in a thread of
// its own, also where that runs later.
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "pair.h"

static int late, sent;
static struct gate called, go, notified;

static void call(union sigval value)
{
	(void)value;
	gate_wait(&go, 1);
	racetrack_write(&late, sizeof(late)); // race: race-data late
	gate_open(&called, 1);
}

static void receive(union sigval value)
{
	(void)value;
	gate_wait(&go, 2);
	racetrack_read(&sent, sizeof(sent)); // race: race-data sent
	gate_open(&notified, 1);
}

static void use_timer(void)
{
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = call};
	const struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
	MUST(!timer_create(CLOCK_MONOTONIC, &event, &timer));
	MUST(!timer_settime(timer, 0, &soon, NULL));
	racetrack_write(&late, sizeof(late)); // race: race-data late
	gate_open(&go, 1);
	gate_wait(&called, 1);
}

static void use_queue(void)
{
	char name[64];
	struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = receive};
	snprintf(name, sizeof(name), "/racetrack-notice-%d", (int)getpid());
	mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	MUST(queue != (mqd_t)-1 && !mq_unlink(name));
	MUST(!mq_notify(queue, &event));
	MUST(!mq_send(queue, "message", 8, 0));
	racetrack_write(&sent, sizeof(sent)); // race: race-data sent
	gate_open(&go, 2);
	gate_wait(&notified, 1);
}

int main(void)
{
	pair_run(use_timer, use_queue);
	return 0;
}
