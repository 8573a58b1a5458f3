// What goes over a connection, as datagrams or through a named socket orders its sender before its receiver.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>
#include "steps.h"

static int sender, stream[2], datagram[2], other, turned, local[2];
static struct sockaddr_in there, other_there;
static char byte[1];

#define ADDRESS(socket_address) (struct sockaddr *)&(socket_address), sizeof(socket_address)
#define ONE(call)               MUST((call) == 1)

static void steps(void)
{
	char to[8];
	struct iovec out = {byte, 1}, in = {to, 1};
	struct mmsghdr outs = {{.msg_iov = &out, .msg_iovlen = 1}, 0},
		       ins = {{.msg_iov = &in, .msg_iovlen = 1}, 0};
	HANDS(ONE(send(stream[0], byte, 1, 0)), ONE(recv(stream[1], to, 1, 0)));
	HANDS(ONE(write(stream[1], byte, 1)), ONE(read(stream[0], to, 1)));
	HANDS(ONE(sendto(sender, byte, 1, 0, ADDRESS(there))), ONE(recv(datagram[1], to, 8, 0)));
	HANDS(ONE(send(datagram[0], byte, 1, 0)), ONE(recv(datagram[1], to, 8, 0)));
	HANDS(ONE(write(datagram[0], byte, 1)), ONE(read(datagram[1], to, 8)));
	HANDS(ONE(writev(datagram[0], &out, 1)), ONE(readv(datagram[1], &in, 1)));
	HANDS(ONE(sendmsg(datagram[0], &outs.msg_hdr, 0)), ONE(recvmsg(datagram[1], &ins.msg_hdr, 0)));
	HANDS(ONE(sendmmsg(datagram[0], &outs, 1, 0)), ONE(recvmmsg(datagram[1], &ins, 1, 0, NULL)));
	HANDS(ONE(send(dup(datagram[0]), byte, 1, 0)), ONE(recv(dup(datagram[1]), to, 8, 0)));
	HANDS(ONE(send(turned, byte, 1, 0)), ONE(recv(datagram[1], to, 8, 0)));
	HANDS((MUST(connect(turned, ADDRESS(other_there)) == 0), ONE(send(turned, byte, 1, 0))),
		ONE(recv(other, to, 8, 0)));
	HANDS(ONE(send(local[0], byte, 1, 0)), ONE(recv(local[1], to, 1, 0)));
}

/* Two ends of a connection on the address that the listener gets. One is waited for before it is connected. */
static void connect_ends(int ends[2], int listener, struct sockaddr *address, socklen_t bytes)
{
	struct epoll_event event = {.events = EPOLLIN};
	MUST(bind(listener, address, bytes) == 0 && listen(listener, 1) == 0);
	MUST(getsockname(listener, address, &bytes) == 0);
	ends[0] = socket(address->sa_family, SOCK_STREAM, 0);
	MUST(epoll_ctl(epoll_create1(0), EPOLL_CTL_ADD, ends[0], &event) == 0);
	MUST(connect(ends[0], address, bytes) == 0);
	ends[1] = accept(listener, NULL, NULL);
	MUST(ends[1] >= 0);
	close(listener);
}

/* A datagram socket and its address. */
static int bind_datagram(struct sockaddr_in *address)
{
	socklen_t bytes = sizeof *address;
	int made = socket(AF_INET, SOCK_DGRAM, 0);
	*address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	MUST(bind(made, (struct sockaddr *)address, bytes) == 0);
	MUST(getsockname(made, (struct sockaddr *)address, &bytes) == 0);
	return made;
}

int main(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	connect_ends(stream, socket(AF_INET, SOCK_STREAM, 0), ADDRESS(address));

	sender = socket(AF_INET, SOCK_DGRAM, 0);
	datagram[0] = socket(AF_INET, SOCK_DGRAM, 0);
	turned = socket(AF_INET, SOCK_DGRAM, 0);
	datagram[1] = bind_datagram(&there);
	other = bind_datagram(&other_there);
	MUST(connect(datagram[0], ADDRESS(there)) == 0);
	MUST(connect(turned, ADDRESS(there)) == 0);

	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
	connect_ends(local, socket(AF_UNIX, SOCK_STREAM, 0), ADDRESS(name));
	steps_run();
	return 0;
}
