// A connected datagram socket's two directions are two: what went out of it orders nothing that comes in by it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include "steps.h"

static int ends[2];

static void receive(int fd)
{
	char to[8];
	MUST(recv(fd, to, sizeof to, 0) == 1);
}

static void steps(void)
{
	HANDS(MUST(send(ends[0], "x", 1, 0) == 1), receive(ends[0])); // race: race-data
}

int main(void)
{
	struct sockaddr_in addresses[2];
	socklen_t bytes = sizeof *addresses;
	for (int i = 0; i < 2; i++) {
		ends[i] = socket(AF_INET, SOCK_DGRAM, 0);
		addresses[i] =
			(struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
		MUST(bind(ends[i], (struct sockaddr *)&addresses[i], bytes) == 0);
		MUST(getsockname(ends[i], (struct sockaddr *)&addresses[i], &bytes) == 0);
	}
	for (int i = 0; i < 2; i++)
		MUST(connect(ends[i], (struct sockaddr *)&addresses[!i], bytes) == 0);
	MUST(send(ends[1], "x", 1, 0) == 1);
	steps_run();
	return 0;
}
