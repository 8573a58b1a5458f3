// What is another object orders two processes as little as nothing at all does.
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include "local.h"
#include "processes.h"

static int pipes[2][2], events[2], pairs[2][2], clients[2], servers[2], files[2], set, messages;
static mqd_t queue;
static sem_t *semaphores[2];

#define PUT(fd, count) MUST(write(fd, "\1\0\0\0\0\0\0\0", count) == (count))
#define GET(fd, count) MUST(read(fd, to, count) == (count))

static void operate(unsigned short number, short change)
{
	struct sembuf operation = {number, change, 0};
	MUST(!semop(set, &operation, 1));
}

static void lock_range(int fd, int type, off_t first, off_t bytes)
{
	struct flock lock = {.l_type = (short)type, .l_start = first, .l_len = bytes};
	MUST(!fcntl(fd, F_SETLK, &lock));
}

static void send_message(long type)
{
	struct {
		long type;
		char text[8];
	} message = {type, "message"};
	MUST(!msgsnd(messages, &message, 8, 0));
}

static void receive_message(long type)
{
	struct {
		long type;
		char text[8];
	} message;
	MUST(msgrcv(messages, &message, 8, type, 0) == 8);
}

static void wait_for(int number)
{
	sigset_t wanted;
	int got;
	sigemptyset(&wanted);
	sigaddset(&wanted, number);
	MUST(!sigwait(&wanted, &got));
}

#define SHARE(fd)              MUST(!flock(fd, LOCK_SH))
#define GIVE(fd)               MUST(!flock(fd, LOCK_UN))
#define READ(fd, first, bytes) lock_range(fd, F_RDLCK, first, bytes)
#define LOCK(fd, first, bytes) lock_range(fd, F_WRLCK, first, bytes)
#define FREE(fd, first, bytes) lock_range(fd, F_UNLCK, first, bytes)

static void send_to_queue(unsigned priority)
{
	MUST(!mq_send(queue, "message", 8, priority));
}

static void receive_from_queue(unsigned wanted)
{
	char to[64];
	unsigned priority;
	MUST(mq_receive(queue, to, sizeof(to), &priority) == 8 && priority == wanted);
}

static void steps(void)
{
	char to[8];
	HANDS(0, 0);                                                                     // race: race-shared
	HANDS(PUT(pipes[0][1], 1), GET(pipes[1][0], 1));                                 // race: race-shared
	HANDS(PUT(events[0], 8), GET(events[1], 8));                                     // race: race-shared
	HANDS(PUT(pairs[0][0], 1), GET(pairs[1][1], 1));                                 // race: race-shared
	HANDS(PUT(clients[0], 1), GET(servers[1], 1));                                   // race: race-shared
	HANDS((SHARE(files[0]), GIVE(files[0])), SHARE(files[1]));                       // race: race-shared
	HANDS((LOCK(files[0], 0, 9), FREE(files[0], 0, 9)), LOCK(files[1], 9, 5));       // race: race-shared
	HANDS((LOCK(files[0], 30, 4), FREE(files[0], 32, 2)), LOCK(files[1], 29, 1));    // race: race-shared
	HANDS((READ(files[0], 50, 4), FREE(files[0], 50, 4)), READ(files[1], 50, 4));    // race: race-shared
	HANDS(close(creat("made", 0600)), close(creat("other", 0600)));                  // race: race-shared
	HANDS(operate(0, 1), operate(1, -1));                                            // race: race-shared
	HANDS(send_message(4), receive_message(3));                                      // race: race-shared
	HANDS(send_to_queue(1), receive_from_queue(2));                                  // race: race-shared
	HANDS(sem_post(semaphores[0]), sem_wait(semaphores[1]));                         // race: race-shared
	HANDS(MUST(!kill(steps_pids[1], SIGUSR1)), (raise(SIGUSR2), wait_for(SIGUSR2))); // race: race-shared
	HANDS(MUST(!kill(getpid(), SIGUSR2)), (raise(SIGUSR2), wait_for(SIGUSR2)));      // race: race-shared
}

static void make_named(void)
{
	struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 64};
	char name[40];
	snprintf(name, sizeof(name), "/racetrack-%d", (int)getpid());
	queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
	MUST(queue >= 0 && !mq_unlink(name) && !mq_send(queue, "message", 8, 2));
	for (int i = 0; i < 2; i++) {
		semaphores[i] = sem_open(name, O_CREAT, 0600, 1);
		MUST(semaphores[i] != SEM_FAILED && !sem_unlink(name));
	}
}

int main(void)
{
	sigset_t blocked;
	struct sockaddr_un address;
	socklen_t bytes;
	int listener = local_listen(&address, &bytes);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGUSR2);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	for (int i = 0; i < 2; i++) {
		MUST(!pipe(pipes[i]) && !socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]));
		events[i] = eventfd(1, 0);
		clients[i] = local_connect(&address, bytes);
		servers[i] = accept(listener, NULL, NULL);
		files[i] = open("file", O_RDWR | O_CREAT, 0600);
	}
	PUT(pipes[1][1], 1);
	PUT(pairs[1][0], 1);
	PUT(clients[1], 1);
	set = semget(IPC_PRIVATE, 2, 0600);
	messages = msgget(IPC_PRIVATE, 0600);
	operate(1, 1);
	send_message(3);
	make_named();
	steps_run();
	MUST(!semctl(set, 0, IPC_RMID) && !msgctl(messages, IPC_RMID, NULL));
	return 0;
}
