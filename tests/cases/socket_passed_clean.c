// A descriptor that came in a message stands for what it stood for where it came from; a connection is known however late it
// is accepted.
#define _GNU_SOURCE
#include <sys/eventfd.h>
#include "local.h"
#include "steps.h"

static int pipes[2], event, pairs[4][2], listener, late_listener, clients[2], late;
static struct sockaddr_un address, late_address;
static socklen_t bytes, late_bytes;

#define PUT(fd, count) MUST(write(fd, "\1\0\0\0\0\0\0\0", count) == (count))
#define GET(fd, count) MUST(read(fd, to, count) == (count))

/* Closed, and its number is not for the other thread: it would come after who closed it. */
static void replace(int fd)
{
	close(fd);
	MUST(dup(event) == fd);
}

static void steps(void)
{
	char to[8];
	HANDS(PUT(pipes[1], 1), GET(local_pass(pipes[0]), 1));
	HANDS(PUT(local_pass(pipes[1]), 1), GET(pipes[0], 1));
	HANDS(PUT(event, 8), GET(local_pass(event), 8));
	HANDS(PUT(local_pass(event), 8), GET(local_pass(event), 8));
	HANDS(PUT(pairs[0][0], 1), GET(local_pass(pairs[0][1]), 1));
	HANDS(PUT(local_pass(pairs[1][1]), 1), GET(pairs[1][0], 1));
	HANDS(PUT(local_pass(pairs[2][1]), 1), GET(local_pass(pairs[2][0]), 1));
	HANDS(PUT(local_pass(pairs[3][1]), 1), GET(local_pass(pairs[3][0]), 1));
	HANDS(PUT(clients[0], 1), GET(accept(listener, NULL, NULL), 1));
	HANDS(PUT(local_pass(clients[1]), 1), GET(local_pass(accept(listener, NULL, NULL)), 1));
	HANDS((late = local_connect(&late_address, late_bytes), PUT(late, 1), replace(late)),
		GET(accept(late_listener, NULL, NULL), 1));
}

int main(void)
{
	MUST(pipe(pipes) == 0);
	event = eventfd(0, EFD_SEMAPHORE);
	for (int i = 0; i < 4; i++)
		MUST(socketpair(AF_UNIX, i < 3 ? SOCK_STREAM : SOCK_DGRAM, 0, pairs[i]) == 0);
	listener = local_listen(&address, &bytes);
	late_listener = local_listen(&late_address, &late_bytes);
	for (int i = 0; i < 2; i++)
		clients[i] = local_connect(&address, bytes);
	steps_run();
	return 0;
}
