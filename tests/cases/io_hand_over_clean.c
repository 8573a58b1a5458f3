// What goes through a pipe, a socket pair or an eventfd orders its writer before its reader.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "steps.h"

static int pipes[3][2], sockets[3][2], event, copied;
static FILE *ends[2];
static char byte[8];

#define W(call) MUST((call) > 0)

static void steps(void)
{
	char to[8], *line = NULL;
	size_t room = 0;
	HANDS(W(write(pipes[0][1], byte, 1)), W(read(pipes[0][0], to, 1)));
	HANDS(W(write(sockets[0][1], byte, 1)), W(read(sockets[0][0], to, 1)));
	HANDS(W(write(sockets[1][0], byte, 1)), W(read(sockets[1][1], to, 1)));
	HANDS(W(send(sockets[2][1], byte, 1, 0)), W(recv(sockets[2][0], to, 1, 0)));
	HANDS(W(write(event, byte, 8)), W(read(event, to, 8)));
	HANDS(W(dprintf(pipes[1][1], "x")), W(read(pipes[1][0], to, 1)));
	HANDS(W(write(dup(pipes[0][1]), byte, 1)), W(read(dup(pipes[0][0]), to, 1)));
	HANDS(W(write(dup(copied), byte, 8)), W(read(copied, to, 8)));
	HANDS(W(fputs("line\n", ends[1])), W(fgets(to, 8, ends[0]) != NULL));
	HANDS(W(fprintf(ends[1], "line\n")), W(fread(to, 5, 1, ends[0])));
	HANDS(W(fwrite("line\n", 5, 1, ends[1])), W(getline(&line, &room, ends[0])));
}

int main(void)
{
	byte[0] = 1;
	event = eventfd(0, 0);
	copied = eventfd(0, 0);
	for (int i = 0; i < 3; i++) {
		MUST(pipe(pipes[i]) == 0);
		MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets[i]) == 0);
	}
	ends[0] = fdopen(pipes[2][0], "r");
	ends[1] = fdopen(pipes[2][1], "w");
	setlinebuf(ends[1]);
	steps_run();
	return 0;
}
