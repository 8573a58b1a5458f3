// Functions that the C library calls in threads of its own (SIGEV_THREAD) come after what was done before the timer was set, or the
// message was sent.
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "pair.h"

static int by_timer, by_setting, by_sender;
static struct gate called, notified;

static void call(union sigval value)
{
	racetrack_write(value.sival_ptr, sizeof(by_timer));
	racetrack_read(&by_setting, sizeof(by_setting));
	gate_open(&called, 1);
}

static void receive(union sigval value)
{
	racetrack_read(value.sival_ptr, sizeof(by_sender));
	gate_open(&notified, 1);
}

static void use_timer(void)
{
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = call};
	const struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
	event.sigev_value.sival_ptr = &by_timer;
	racetrack_write(&by_timer, sizeof(by_timer));
	MUST(!timer_create(CLOCK_MONOTONIC, &event, &timer));
	MUST(event.sigev_notify_function == call && event.sigev_value.sival_ptr == &by_timer);
	racetrack_write(&by_setting, sizeof(by_setting));
	MUST(!timer_settime(timer, 0, &soon, NULL));
	gate_wait(&called, 1);
	MUST(!timer_delete(timer));
}

static void use_queue(void)
{
	char name[64];
	struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = receive};
	event.sigev_value.sival_ptr = &by_sender;
	snprintf(name, sizeof(name), "/racetrack-notice-%d", (int)getpid());
	mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	MUST(queue != (mqd_t)-1 && !mq_unlink(name));
	MUST(!mq_notify(queue, &event));
	MUST(mq_notify(queue, &event) == -1); /* the second is refused */
	racetrack_write(&by_sender, sizeof(by_sender));
	MUST(!mq_send(queue, "message", 8, 0));
	gate_wait(&notified, 1);
}

int main(void)
{
	pair_run(use_timer, use_queue);
	return 0;
}
