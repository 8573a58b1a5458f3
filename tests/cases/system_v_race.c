// Another semaphore of a set, another set, another type of message and another queue order nothing; neither do two that get a
// semaphore down, and one that does not get it.
#define _GNU_SOURCE
#include <errno.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include "steps.h"

static int sets[STEPS_MOST], queues[STEPS_MOST];

#define SET   (sets[__LINE__])
#define QUEUE (queues[__LINE__])

struct message {
	long type;
	char text[8];
};

static int operate(int set, unsigned short number, short change)
{
	struct sembuf operation = {number, change, IPC_NOWAIT};
	return semop(set, &operation, 1);
}

static void send(int queue, long type)
{
	struct message message = {type, "message"};
	MUST(!msgsnd(queue, &message, sizeof(message.text), 0));
}

static void receive(int queue, long type)
{
	struct message message;
	MUST(msgrcv(queue, &message, sizeof(message.text), type, 0) == 8);
}

static void find_nothing(int queue, long type)
{
	struct message message;
	MUST(msgrcv(queue, &message, 8, type, IPC_NOWAIT) == -1 && errno == ENOMSG);
}

static void fail_to_operate(int set)
{
	MUST(operate(set, 1, -20) == -1 && errno == EAGAIN);
}

static void read_all(int set)
{
	unsigned short values[2];
	MUST(!semctl(set, 0, GETALL, values) && values[1] == 9);
	MUST(semctl(set, 1, GETVAL) == 9);
}

static void steps(void)
{
	HANDS(MUST(!operate(SET, 0, 1)), MUST(!operate(SET, 1, -1)));      // race: race-data
	HANDS(MUST(!operate(SET, 1, 1)), MUST(!operate(sets[90], 1, -1))); // race: race-data
	HANDS(MUST(!operate(SET, 1, -1)), MUST(!operate(SET, 1, -1)));     // race: race-data
	HANDS(MUST(!operate(SET, 1, 1)), MUST(!operate(SET, 1, 1)));       // race: race-data
	HANDS(MUST(!operate(SET, 0, 0)), MUST(!operate(SET, 0, 0)));       // race: race-data
	HANDS(MUST(!operate(SET, 1, 1)), fail_to_operate(SET));            // race: race-data
	HANDS(MUST(!semctl(SET, 1, SETVAL, 9)), read_all(SET));            // race: race-data
	HANDS(send(QUEUE, 1), receive(QUEUE, 2));                          // race: race-data
	HANDS(send(QUEUE, 2), receive(queues[90], 2));                     // race: race-data
	HANDS(send(QUEUE, 2), find_nothing(QUEUE, 3));                     // race: race-data
	HANDS(receive(QUEUE, 2), receive(QUEUE, 2));                       // race: race-data
}

int main(void)
{
	for (int i = 0; i < 100; i++) {
		unsigned short values[2] = {0, 9};
		sets[i] = semget(IPC_PRIVATE, 2, 0600);
		queues[i] = msgget(IPC_PRIVATE, 0600);
		MUST(sets[i] >= 0 && queues[i] >= 0 && !semctl(sets[i], 0, SETALL, values));
		for (int message = 0; message < 2; message++)
			send(queues[i], 2);
	}
	steps_run();
	for (int i = 0; i < 100; i++) {
		MUST(!semctl(sets[i], 0, IPC_RMID));
		MUST(!msgctl(queues[i], IPC_RMID, NULL));
	}
	return 0;
}
