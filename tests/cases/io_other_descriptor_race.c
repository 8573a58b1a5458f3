// Other pipes and sockets order nothing, and neither do descriptors whose number stood for another one before.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "steps.h"

static int pipes[9][2], others[9][2], sockets[2][2];
static char byte[1];

#define SEND(fd) MUST(write(fd, byte, 1) == 1)

static void receive(int fd)
{
	char to[1];
	MUST(read(fd, to, 1) == 1);
}

/* The pipes' numbers stand for those of the other pipe from now on, which has a byte of before. */
static void replace(int which)
{
	FILE *stream;
	char path[32];
	switch (which) {
	case 0:
		MUST(dup2(others[which][0], pipes[which][0]) >= 0);
		break;
	case 1:
		MUST(dup3(others[which][0], pipes[which][0], O_CLOEXEC) >= 0);
		break;
	case 2:
		MUST(close(pipes[which][0]) == 0);
		MUST(fcntl(others[which][0], F_DUPFD, pipes[which][0]) == pipes[which][0]);
		break;
	case 3:
		MUST(close_range((unsigned)pipes[which][0], (unsigned)pipes[which][0], 0) == 0);
		MUST(fcntl(others[which][0], F_DUPFD, pipes[which][0]) == pipes[which][0]);
		break;
	case 4:
	case 5:
		snprintf(path, sizeof path, "/proc/self/fd/%d", others[which][0]);
		stream = fdopen(pipes[which][0], "r");
		MUST(which == 4 ? freopen(path, "r", stream) : freopen64(path, "r", stream));
		MUST(fileno(stream) == pipes[which][0]);
		break;
	default:
		stream = fdopen(pipes[which][0], "r");
		MUST(fclose(stream) == 0);
		MUST(fcntl(others[which][0], F_DUPFD, pipes[which][0]) == pipes[which][0]);
	}
}

/* The number of a pipe to a process. */
static void replace_process(void)
{
	FILE *stream = popen("cat >/dev/null", "w");
	pipes[8][0] = fileno(stream);
	SEND(pipes[8][0]);
	MUST(pclose(stream) == 0);
	MUST(fcntl(others[8][0], F_DUPFD, pipes[8][0]) == pipes[8][0]);
}

/* What the first thread does is forgotten with the descriptor. */
#define FORGETS(which) HANDS((SEND(pipes[which][1]), replace(which)), receive(pipes[which][0]))

static void steps(void)
{
	HANDS(SEND(pipes[7][1]), receive(others[7][0]));    // race: race-data
	HANDS(SEND(sockets[0][1]), receive(sockets[1][0])); // race: race-data
	FORGETS(0);                                         // race: race-data
	FORGETS(1);                                         // race: race-data
	FORGETS(2);                                         // race: race-data
	FORGETS(3);                                         // race: race-data
	FORGETS(4);                                         // race: race-data
	FORGETS(5);                                         // race: race-data
	FORGETS(6);                                         // race: race-data
	HANDS(replace_process(), receive(pipes[8][0]));     // race: race-data
}

int main(void)
{
	for (int i = 0; i < 9; i++) {
		MUST(pipe(pipes[i]) == 0 && pipe(others[i]) == 0);
		SEND(others[i][1]);
	}
	for (int i = 0; i < 2; i++)
		MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets[i]) == 0);
	SEND(sockets[1][1]);
	steps_run();
	return 0;
}
