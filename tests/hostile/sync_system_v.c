// hostile: threads order themselves by System V semaphores and messages, POSIX message queues, flock
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <unistd.h>
static char text[100];
static int how, semaphores, messages, locks[2], ready[2];
static mqd_t queue;
struct message {
	long type;
	char text[8];
};
static void *work(void *argument)
{
	struct message message = {1, "m"};
	struct sembuf up = {0, 1, 0};
	if (how == 3) {
		flock(locks[0], LOCK_EX);
		syscall(1, ready[1], "x", 1);
		usleep(1000);
	}
	snprintf(text, sizeof(text), "way %d", how);
	if (how == 0)
		semop(semaphores, &up, 1);
	else if (how == 1)
		msgsnd(messages, &message, 8, 0);
	else if (how == 2)
		mq_send(queue, "message", 8, 0);
	else
		flock(locks[0], LOCK_UN);
	pause();
	return argument;
}
int main(void)
{
	semaphores = semget(IPC_PRIVATE, 1, 0600);
	messages = msgget(IPC_PRIVATE, 0600);
	struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 8};
	char name[40], got[8];
	snprintf(name, sizeof(name), "/hostile-%d", getpid());
	queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
	mq_unlink(name);
	pipe(ready);
	for (int i = 0; i < 2; i++)
		locks[i] = open("lock", O_RDWR | O_CREAT, 0600);
	for (how = 0; how < 4; how++) {
		struct message message;
		struct sembuf down = {0, -1, 0};
		pthread_t thread;
		pthread_create(&thread, NULL, work, NULL);
		if (how == 0)
			semop(semaphores, &down, 1);
		else if (how == 1)
			msgrcv(messages, &message, 8, 0, 0);
		else if (how == 2)
			mq_receive(queue, got, 8, NULL);
		else {
			syscall(0, ready[0], got, 1);
			flock(locks[1], LOCK_EX);
		}
		puts(text);
		strcpy(text, "again");
	}
	semctl(semaphores, 0, IPC_RMID);
	msgctl(messages, IPC_RMID, NULL);
	return 0;
}
