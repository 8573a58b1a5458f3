// What orders two processes: descriptors, locks of files, semaphores, messages, signals, words that are waited for.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include "local.h"
#include "processes.h"

static int pipes[2], event, pair[2], connection[2], local[2], listener, files[2], set, messages, signals;
static mqd_t queue;
static sem_t *semaphore;
static struct sockaddr_un address;
static socklen_t address_bytes;

#define PUT(fd, count) MUST(write(fd, "\1\0\0\0\0\0\0\0", count) == (count))
#define GET(fd, count) MUST(read(fd, to, count) == (count))

static void operate(short change)
{
	struct sembuf operation = {0, change, 0};
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

/* Blocked in both. */
static void wait_for(int number)
{
	sigset_t wanted;
	int got;
	sigemptyset(&wanted);
	sigaddset(&wanted, number);
	MUST(!sigwait(&wanted, &got));
}

static void steps(void)
{
	char to[64];
	struct signalfd_siginfo came;
	HANDS(PUT(pipes[1], 1), GET(pipes[0], 1));
	HANDS(PUT(event, 8), GET(event, 8));
	HANDS(PUT(pair[0], 1), GET(pair[1], 1));
	HANDS(PUT(connection[0], 1), GET(connection[1], 1));
	HANDS(PUT(connection[1], 1), GET(connection[0], 1));
	HANDS(PUT(local[0], 1), GET(local[1], 1));
	HANDS(PUT(local_connect(&address, address_bytes), 1), GET(accept(listener, NULL, NULL), 1));
	HANDS((flock(files[0], LOCK_EX), flock(files[0], LOCK_UN)), flock(files[1], LOCK_EX));
	HANDS((lock_range(files[0], F_WRLCK, 0, 9), lock_range(files[0], F_UNLCK, 0, 0)),
		lock_range(files[0], F_RDLCK, 8, 1));
	HANDS((lock_range(files[0], F_WRLCK, 99, 1), lock_range(files[0], F_UNLCK, 99, 1)),
		lock_range(files[1], F_WRLCK, 17, 0));
	HANDS((MUST(!lockf(files[0], F_LOCK, 5)), close(files[0])), MUST(!lockf(files[1], F_LOCK, 0)));
	HANDS(MUST(!rename("made", "published")), MUST(open("published", O_RDONLY) >= 0));
	HANDS(MUST(!unlink("lock")), MUST(open("./lock", O_CREAT | O_EXCL, 0600) >= 0));
	HANDS(MUST(!mkdir("folder", 0700)), MUST(!access("folder", F_OK)));
	HANDS(operate(1), operate(-1));
	HANDS(send_message(4), receive_message(4));
	HANDS(MUST(!mq_send(queue, "message", 8, 3)), MUST(mq_receive(queue, to, 64, NULL) == 8));
	HANDS(sem_post(semaphore), sem_wait(semaphore));
	HANDS(MUST(!kill(steps_pids[1], SIGUSR1)), wait_for(SIGUSR1));
	HANDS(MUST(!sigqueue(steps_pids[1], SIGUSR2, (union sigval){.sival_int = 1})), wait_for(SIGUSR2));
	HANDS(MUST(!kill(0, SIGWINCH)), MUST(read(signals, &came, sizeof(came)) == sizeof(came)));
}

static void make_connection(void)
{
	struct sockaddr_in internet = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t bytes = sizeof(internet);
	int waiting = socket(AF_INET, SOCK_STREAM, 0);
	MUST(!bind(waiting, (struct sockaddr *)&internet, bytes) && !listen(waiting, 1));
	MUST(!getsockname(waiting, (struct sockaddr *)&internet, &bytes));
	connection[0] = socket(AF_INET, SOCK_STREAM, 0);
	MUST(!connect(connection[0], (struct sockaddr *)&internet, bytes));
	connection[1] = accept(waiting, NULL, NULL);
}

static void make_named(void)
{
	struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 64};
	char name[40];
	snprintf(name, sizeof(name), "/racetrack-%d", (int)getpid());
	queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
	semaphore = sem_open(name, O_CREAT, 0600, 0);
	MUST(queue >= 0 && !mq_unlink(name) && semaphore != SEM_FAILED && !sem_unlink(name));
}

int main(void)
{
	sigset_t blocked;
	setpgid(0, 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGWINCH);
	signals = signalfd(-1, &blocked, 0);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGUSR2);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	MUST(!pipe(pipes) && !socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	event = eventfd(0, 0);
	make_connection();
	listener = local_listen(&address, &address_bytes);
	local[0] = local_connect(&address, address_bytes);
	local[1] = accept(listener, NULL, NULL);
	for (int i = 0; i < 2; i++)
		files[i] = open("file", O_RDWR | O_CREAT, 0600);
	close(creat("made", 0600));
	close(creat("lock", 0600));
	set = semget(IPC_PRIVATE, 1, 0600);
	messages = msgget(IPC_PRIVATE, 0600);
	make_named();
	steps_run();
	MUST(!semctl(set, 0, IPC_RMID) && !msgctl(messages, IPC_RMID, NULL));
	return 0;
}
