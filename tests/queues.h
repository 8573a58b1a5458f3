/* POSIX message queues without a name: few, as the system allows few. */
#ifndef RACETRACK_TESTS_QUEUES_H
#define RACETRACK_TESTS_QUEUES_H

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "pair.h"

static __attribute__((unused)) mqd_t queue_open(void)
{
	static int count;
	struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 8};
	char name[40];
	snprintf(name, sizeof(name), "/racetrack-%d-%d", (int)getpid(), count++);
	mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &attributes);
	MUST(queue >= 0 && !mq_unlink(name));
	return queue;
}

#endif
