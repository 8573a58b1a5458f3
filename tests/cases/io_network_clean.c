// What goes over a connection, as datagrams or through a named socket orders its sender before its receiver.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "steps.h"

static int sender, stream[2], datagram[2], local[2];
static struct sockaddr_in there;
static char byte[1];

#define THERE     (struct sockaddr *)&there, sizeof there
#define ONE(call) MUST((call) == 1)

static void steps(void)
{
	char to[8];
	HANDS(ONE(send(stream[0], byte, 1, 0)), ONE(recv(stream[1], to, 1, 0)));
	HANDS(ONE(write(stream[1], byte, 1)), ONE(read(stream[0], to, 1)));
	HANDS(ONE(sendto(sender, byte, 1, 0, THERE)), ONE(recv(datagram[1], to, 8, 0)));
	HANDS(ONE(send(datagram[0], byte, 1, 0)), ONE(recv(datagram[1], to, 8, 0)));
	HANDS(ONE(send(local[0], byte, 1, 0)), ONE(recv(local[1], to, 1, 0)));
}

/* Two ends of a connection on the address that the listener gets. */
static void connect_ends(int ends[2], int listener, struct sockaddr *address, socklen_t bytes)
{
	MUST(bind(listener, address, bytes) == 0 && listen(listener, 1) == 0);
	MUST(getsockname(listener, address, &bytes) == 0);
	ends[0] = socket(address->sa_family, SOCK_STREAM, 0);
	MUST(connect(ends[0], address, bytes) == 0);
	ends[1] = accept(listener, NULL, NULL);
	MUST(ends[1] >= 0);
	close(listener);
}

int main(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t bytes = sizeof address;
	connect_ends(stream, socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, bytes);

	address.sin_port = 0;
	datagram[0] = socket(AF_INET, SOCK_DGRAM, 0);
	datagram[1] = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(bind(datagram[1], (struct sockaddr *)&address, bytes) == 0);
	MUST(getsockname(datagram[1], (struct sockaddr *)&address, &bytes) == 0);
	there = address;
	sender = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(connect(datagram[0], (struct sockaddr *)&address, bytes) == 0);

	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
	connect_ends(local, socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, sizeof name);
	steps_run();
	return 0;
}
