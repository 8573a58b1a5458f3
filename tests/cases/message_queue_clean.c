// Who receives a message comes after who sent one of its priority; who is told that there is one after who sent one.
// cflags: -D_FORTIFY_SOURCE=2
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include "queues.h"
#include "steps.h"
#include "times.h"

enum { QUEUES = 4 };

static mqd_t queues[QUEUES];
static volatile sig_atomic_t told;

static void handle(int number)
{
	told = number;
}

/* The signal is blocked in both threads until it is looked for. */
static void let_in(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	MUST(told == SIGUSR1);
}

static int receive(mqd_t queue)
{
	char to[8];
	unsigned priority;
	return mq_receive(queue, to, sizeof(to), &priority) == 8 && priority == 2;
}

static int receive_in_time(mqd_t queue)
{
	char to[8];
	return mq_timedreceive(queue, to, sizeof(to), NULL, &passed) == 8;
}

static int is_ready(mqd_t queue)
{
	struct pollfd set = {.fd = queue, .events = POLLIN};
	return poll(&set, 1, 0) == 1 && set.revents == POLLIN;
}

static void steps(void)
{
	HANDS(MUST(!mq_send(queues[0], "message", 8, 2)), MUST(receive(queues[0])));
	HANDS(MUST(!mq_timedsend(queues[1], "message", 8, 1, &passed)), MUST(receive_in_time(queues[1])));
	HANDS(MUST(!mq_send(queues[2], "message", 8, 2)), MUST(is_ready(queues[2])));
	HANDS(MUST(!mq_send(queues[3], "message", 8, 2)), let_in());
}

int main(void)
{
	volatile int flags = O_RDWR;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	sigset_t set;
	signal(SIGUSR1, handle);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < QUEUES; i++)
		queues[i] = queue_open();
	MUST(!mq_notify(queues[3], &event));
	MUST(mq_open("/racetrack-there-is-none", flags) == -1);
	steps_run();
	for (int i = 0; i < QUEUES; i++)
		MUST(!mq_close(queues[i]));
	return 0;
}
