// Two connections to one listener, two events and two pairs order nothing between them, whichever way their ends came.
#define _GNU_SOURCE
#include <sys/eventfd.h>
#include "local.h"
#include "steps.h"

static int events[2], pairs[2][2], clients[4], servers[4];

#define PUT(fd, count) MUST(write(fd, "\1\0\0\0\0\0\0\0", count) == (count))
#define GET(fd, count) MUST(read(fd, to, count) == (count))

static void steps(void)
{
	char to[8];
	HANDS(PUT(clients[0], 1), GET(servers[1], 1));                           // race: race-data
	HANDS(PUT(servers[2], 1), GET(local_pass(clients[3]), 1));               // race: race-data
	HANDS(PUT(local_pass(events[0]), 8), GET(local_pass(events[1]), 8));     // race: race-data
	HANDS(PUT(local_pass(pairs[0][1]), 1), GET(local_pass(pairs[1][0]), 1)); // race: race-data
}

int main(void)
{
	struct sockaddr_un address;
	socklen_t bytes;
	int listener = local_listen(&address, &bytes);
	for (int i = 0; i < 4; i++) {
		clients[i] = local_connect(&address, bytes);
		servers[i] = accept(listener, NULL, NULL);
	}
	for (int i = 0; i < 2; i++) {
		events[i] = eventfd(1, 0);
		MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]) == 0);
		PUT(pairs[i][1], 1);
	}
	PUT(clients[1], 1);
	PUT(servers[3], 1);
	steps_run();
	return 0;
}
