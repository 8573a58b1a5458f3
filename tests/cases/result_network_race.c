// cflags: -fno-builtin
// Addresses of sockets, options, and what is made of names, as memory.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/uio.h>
#include "local.h"
#include "steps.h"

#define AS(type) ((type *)(void *)WORDS)

/* A socket's address with its size, and a message with its part, in a line's own memory. */
static struct place {
	struct sockaddr_storage address;
	socklen_t bytes;
	struct msghdr message;
	struct iovec part;
	char control[64], text[8];
} places[STEPS_MOST];

#define PLACE   (&places[__LINE__])
#define ADDRESS ((struct sockaddr *)(void *)&PLACE->address)
#define ROOM    room(PLACE, sizeof(PLACE->address))

static socklen_t *room(struct place *place, size_t bytes)
{
	place->bytes = (socklen_t)bytes;
	return &place->bytes;
}

static struct msghdr *message(struct place *place)
{
	place->part = (struct iovec){place->text, 1};
	place->message = (struct msghdr){.msg_name = &place->address,
		.msg_namelen = sizeof(place->address),
		.msg_iov = &place->part,
		.msg_iovlen = 1,
		.msg_control = place->control,
		.msg_controllen = sizeof(place->control)};
	return &place->message;
}

static struct sockaddr_in server_address;
static int server, stream;

/* A port of the kernel's choice on this machine. */
static int make_server(int type, struct sockaddr_in *address)
{
	socklen_t bytes = sizeof(*address);
	int made = socket(AF_INET, type, 0);
	*address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	MUST(!bind(made, (struct sockaddr *)address, sizeof(*address)));
	MUST(!getsockname(made, (struct sockaddr *)address, &bytes));
	return made;
}

/* The server, with a datagram that waits. */
static int waiting(void)
{
	int sender = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(sendto(sender, "x", 1, 0, (struct sockaddr *)&server_address, sizeof(server_address)) == 1);
	close(sender);
	return server;
}

/* The stream, with a connection that waits. */
static int asked(void)
{
	struct sockaddr_in address;
	socklen_t bytes = sizeof(address);
	MUST(!getsockname(stream, (struct sockaddr *)&address, &bytes));
	MUST(!connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, bytes));
	return stream;
}

static int connected(void)
{
	asked();
	return accept(stream, NULL, NULL);
}

static struct sockaddr *loopback(struct place *place, int port)
{
	struct sockaddr_in *address = (struct sockaddr_in *)&place->address;
	*address = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = (in_port_t)port, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	return (struct sockaddr *)&place->address;
}

#define SERVER  loopback(PLACE, server_address.sin_port)
#define UDP     socket(AF_INET, SOCK_DGRAM, 0)
#define NUMBERS (NI_NUMERICHOST | NI_NUMERICSERV)

static void of_sockets(void)
{
	WRITES(getsockname(server, ADDRESS, ROOM), (char *)ADDRESS + 15); // race: race-data
	SPARES(getsockname(server, ADDRESS, ROOM), (char *)ADDRESS + 16);
	SPARES(getsockname(server, ADDRESS, room(PLACE, 4)), (char *)ADDRESS + 4);
	WRITES(getsockname(server, ADDRESS, ROOM), &PLACE->bytes); // race: race-data
	SPARES(getsockname(-1, ADDRESS, ROOM), ADDRESS);
	WRITES(getpeername(connected(), ADDRESS, ROOM), ADDRESS); // race: race-data
	SPARES(getpeername(server, ADDRESS, ROOM), ADDRESS);
	READS(bind(UDP, loopback(PLACE, 0), 16), ADDRESS);                         // race: race-data
	READS(connect(UDP, SERVER, 16), ADDRESS);                                  // race: race-data
	READS(sendto(UDP, "x", 1, 0, SERVER, 16), ADDRESS);                        // race: race-data
	WRITES(recvfrom(waiting(), A, 9, 0, ADDRESS, ROOM), (char *)ADDRESS + 15); // race: race-data
	SPARES(recvfrom(waiting(), A, 9, 0, ADDRESS, ROOM), (char *)ADDRESS + 16);
	WRITES(recvmsg(waiting(), message(PLACE), 0), (char *)ADDRESS + 15); // race: race-data
	SPARES(recvmsg(waiting(), message(PLACE), 0), (char *)ADDRESS + 16);
	WRITES(recvmsg(waiting(), message(PLACE), 0), &PLACE->message.msg_flags); // race: race-data
	SPARES(recvmsg(waiting(), message(PLACE), 0), PLACE->control);
	READS(recvmsg(waiting(), message(PLACE), 0), &PLACE->message.msg_iov); // race: race-data
	READS(sendmsg(UDP, message((SERVER, PLACE)), 0), ADDRESS);             // race: race-data
	WRITES(accept(asked(), ADDRESS, ROOM), (char *)ADDRESS + 15);          // race: race-data
	WRITES(accept4(asked(), ADDRESS, ROOM, 0), &PLACE->bytes);             // race: race-data
	WRITES(getsockopt(server, SOL_SOCKET, SO_TYPE, A, ROOM), A + 3);       // race: race-data
	SPARES(getsockopt(server, SOL_SOCKET, SO_TYPE, A, ROOM), A + 4);
	READS(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, WORDS, 4), WORDS); // race: race-data
}

static void of_names(void)
{
	WRITES(getaddrinfo("127.0.0.1", "80", NULL, AS(struct addrinfo *)), WORDS);    // race: race-data
	READS(getaddrinfo(put(A, "127.0.0.1"), "80", NULL, AS(struct addrinfo *)), A); // race: race-data
	WRITES(getnameinfo(SERVER, 16, A, 64, B, 64, NUMBERS), A + 9);                 // race: race-data
	WRITES(getnameinfo(SERVER, 16, A, 64, B, 64, NUMBERS), B);                     // race: race-data
	SPARES(getnameinfo(SERVER, 16, A, 64, NULL, 0, NI_NUMERICHOST), A + 10);
	READS(if_nametoindex(put(A, "lo")), A);                  // race: race-data
	WRITES(if_indextoname(1, A), A);                         // race: race-data
	WRITES(getifaddrs(AS(struct ifaddrs *)), WORDS);         // race: race-data
	WRITES(inet_aton("1.2.3.4", AS(struct in_addr)), WORDS); // race: race-data
	SPARES(inet_aton("none", AS(struct in_addr)), WORDS);
	READS(inet_addr(put(A, "1.2.3.4")), A);    // race: race-data
	READS(inet_network(put(A, "1.2.3.4")), A); // race: race-data
}

static void steps(void)
{
	of_sockets();
	of_names();
}

int main(void)
{
	struct sockaddr_in address;
	server = make_server(SOCK_DGRAM, &server_address);
	stream = make_server(SOCK_STREAM, &address);
	MUST(!listen(stream, 16));
	steps_run();
	return 0;
}
