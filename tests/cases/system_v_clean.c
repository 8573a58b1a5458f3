// Who gets a System V semaphore down comes after who put it up, who finds it zero after who got it down, and who receives a
// message after who sent one of its type.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include "steps.h"
#include "times.h"

static int sets[STEPS_MOST], queues[STEPS_MOST];

#define SET   (sets[__LINE__])
#define QUEUE (queues[__LINE__])

static struct timespec moment = {1, 0};

static int operate(int set, unsigned short number, short change)
{
	struct sembuf operation = {number, change, 0};
	return semop(set, &operation, 1);
}

static int operate_in_time(int set, unsigned short number, short change)
{
	struct sembuf operation = {number, change, SEM_UNDO};
	return semtimedop(set, &operation, 1, &moment);
}

/* Two at once: the second goes down, the first is zero. */
static int operate_both(int set)
{
	struct sembuf operations[2] = {{0, 0, 0}, {1, -1, 0}};
	return semop(set, operations, 2);
}

static int set_all(int set)
{
	unsigned short values[3] = {0, 0, 4};
	return semctl(set, 0, SETALL, values);
}

static int send(int queue, long type)
{
	struct {
		long type;
		char text[8];
	} message = {type, "message"};
	return msgsnd(queue, &message, sizeof(message.text), 0);
}

static int receive(int queue, long type)
{
	struct {
		long type;
		char text[8];
	} message;
	return msgrcv(queue, &message, sizeof(message.text), type, 0) == 8 ? 0 : -1;
}

static void steps(void)
{
	HANDS(MUST(!operate(SET, 0, 1)), MUST(!operate(SET, 0, -1)));
	HANDS(MUST(!operate(SET, 2, 3)), MUST(!operate_in_time(SET, 2, -2)));
	HANDS((operate(SET, 0, 1), MUST(!operate_in_time(SET, 0, -1))), MUST(!operate(SET, 0, 0)));
	HANDS(MUST(!operate(SET, 1, 1)), MUST(!operate_both(SET)));
	HANDS(MUST(!semctl(SET, 1, SETVAL, 1)), MUST(!operate(SET, 1, -1)));
	HANDS((operate(SET, 1, 1), MUST(!semctl(SET, 1, SETVAL, 0))), MUST(!operate(SET, 1, 0)));
	HANDS(MUST(!set_all(SET)), MUST(!operate(SET, 2, -4)));
	HANDS(MUST(!send(QUEUE, 1)), MUST(!receive(QUEUE, 1)));
	HANDS(MUST(!send(QUEUE, 7)), MUST(!receive(QUEUE, 0)));
	HANDS(MUST(!send(QUEUE, 3)), MUST(!receive(QUEUE, -5)));
}

int main(void)
{
	for (int i = 0; i < 100; i++) {
		sets[i] = semget(IPC_PRIVATE, 3, 0600);
		queues[i] = msgget(IPC_PRIVATE, 0600);
		MUST(sets[i] >= 0 && queues[i] >= 0);
	}
	steps_run();
	for (int i = 0; i < 100; i++) {
		MUST(!semctl(sets[i], 0, IPC_RMID));
		MUST(!msgctl(queues[i], IPC_RMID, NULL));
	}
	return 0;
}
