/* Whoever has the token may write into the shared line, and hands the token on by a message: threads through two
 * addresses, and processes. Row R5: by each kind of message.
 */
/* expect: nothing */
#include <fcntl.h>
#include <mqueue.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/socket.h>

#include "../shared.h"

struct board {
	char line[64];
	int pipe[2], event, sockets[2], queue;
	mqd_t posix;
};

struct message {
	long type;
	char token;
};

static void prepare(void *shared)
{
	struct board *board = shared;
	struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 1};
	char name[32];
	must(pipe(board->pipe) || socketpair(AF_UNIX, SOCK_STREAM, 0, board->sockets));
	board->event = eventfd(0, 0);
	board->queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	snprintf(name, sizeof name, "/example-%d", getpid());
	board->posix = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	must(board->event < 0 || board->queue < 0 || board->posix < 0 || mq_unlink(name));
}

static void finish(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < 2; i++)
		must(close(board->pipe[i]) || close(board->sockets[i]));
	must(close(board->event) || msgctl(board->queue, IPC_RMID, NULL) || mq_close(board->posix));
}

/* 1. A pipe. */
static void *send_by_pipe(void *shared)
{
	struct board *board = shared;
	snprintf(board->line, sizeof board->line, "before pipe %d", board->pipe[1]);
	must(write(board->pipe[1], "t", 1) != 1);
	return NULL;
}

static void *receive_by_pipe(void *shared)
{
	struct board *board = shared;
	char token;
	must(read(board->pipe[0], &token, 1) != 1);
	snprintf(board->line, sizeof board->line, "changed after token %c of a pipe", token);
	return NULL;
}

/* 2. An eventfd. */
static void *send_by_event(void *shared)
{
	struct board *board = shared;
	snprintf(board->line, sizeof board->line, "before event %d", board->event);
	must(eventfd_write(board->event, 1));
	return NULL;
}

static void *receive_by_event(void *shared)
{
	struct board *board = shared;
	eventfd_t token;
	must(eventfd_read(board->event, &token));
	snprintf(board->line, sizeof board->line, "changed after %d events", (int)token);
	return NULL;
}

/* 3. A Unix socket. */
static void *send_by_socket(void *shared)
{
	struct board *board = shared;
	snprintf(board->line, sizeof board->line, "before socket %d", board->sockets[0]);
	must(send(board->sockets[0], "t", 1, 0) != 1);
	return NULL;
}

static void *receive_by_socket(void *shared)
{
	struct board *board = shared;
	char token;
	must(recv(board->sockets[1], &token, 1, 0) != 1);
	snprintf(board->line, sizeof board->line, "changed after token %c of a socket", token);
	return NULL;
}

/* 4. A System V message queue. */
static void *send_by_system_v(void *shared)
{
	struct board *board = shared;
	struct message message = {1, 't'};
	snprintf(board->line, sizeof board->line, "before System V message %d", 1);
	must(msgsnd(board->queue, &message, sizeof message.token, 0));
	return NULL;
}

static void *receive_by_system_v(void *shared)
{
	struct board *board = shared;
	struct message message;
	must(msgrcv(board->queue, &message, sizeof message.token, 1, 0) != sizeof message.token);
	snprintf(board->line, sizeof board->line, "changed after token %c of System V", message.token);
	return NULL;
}

/* 5. A POSIX message queue. */
static void *send_by_posix(void *shared)
{
	struct board *board = shared;
	snprintf(board->line, sizeof board->line, "before POSIX message %d", 1);
	must(mq_send(board->posix, "t", 1, 0));
	return NULL;
}

static void *receive_by_posix(void *shared)
{
	struct board *board = shared;
	char token;
	must(mq_receive(board->posix, &token, 1, NULL) != 1);
	snprintf(board->line, sizeof board->line, "changed after token %c of POSIX", token);
	return NULL;
}

static const struct way ways[] = {
	{IN_THREADS | IN_PROCESSES, send_by_pipe, receive_by_pipe},
	{IN_THREADS | IN_PROCESSES, send_by_event, receive_by_event},
	{IN_THREADS | IN_PROCESSES, send_by_socket, receive_by_socket},
	{IN_THREADS | IN_PROCESSES, send_by_system_v, receive_by_system_v},
	{IN_THREADS | IN_PROCESSES, send_by_posix, receive_by_posix},
};

int main(void)
{
	TRY_WAYS(ways, board, prepare, finish);
	return 0;
}
