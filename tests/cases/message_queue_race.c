// Messages of another priority or in another queue order nothing, and neither does a receive that fails.
#define _GNU_SOURCE
#include <errno.h>
#include "queues.h"
#include "steps.h"

static mqd_t queues[5];

static void receive(mqd_t queue, unsigned wanted)
{
	char to[8];
	unsigned priority;
	MUST(mq_receive(queue, to, sizeof(to), &priority) == 8 && priority == wanted);
}

static void find_nothing(mqd_t queue)
{
	char to[8];
	MUST(mq_receive(queue, to, sizeof(to), NULL) == -1 && errno == EAGAIN);
}

static void steps(void)
{
	HANDS(MUST(!mq_send(queues[0], "message", 8, 1)), receive(queues[0], 2)); // race: race-data
	HANDS(MUST(!mq_send(queues[4], "message", 8, 2)), receive(queues[1], 2)); // race: race-data
	HANDS(receive(queues[2], 2), find_nothing(queues[2]));                    // race: race-data
	HANDS(receive(queues[3], 2), MUST(!mq_send(queues[3], "message", 8, 2))); // race: race-data
}

int main(void)
{
	for (int i = 0; i < 5; i++) {
		queues[i] = queue_open();
		MUST(!mq_send(queues[i], "message", 8, 2));
	}
	steps_run();
	return 0;
}
