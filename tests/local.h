/* Local sockets: connections, and descriptors that are passed over them. */
#ifndef RACETRACK_TESTS_LOCAL_H
#define RACETRACK_TESTS_LOCAL_H

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "pair.h"

/* A socket that listens at an abstract name of the kernel's choice, and its address. */
static __attribute__((unused)) int local_listen(struct sockaddr_un *address, socklen_t *bytes)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	address->sun_family = AF_UNIX;
	MUST(bind(fd, (struct sockaddr *)address, offsetof(struct sockaddr_un, sun_path)) == 0);
	*bytes = sizeof(*address);
	MUST(getsockname(fd, (struct sockaddr *)address, bytes) == 0 && listen(fd, 8) == 0);
	return fd;
}

static __attribute__((unused)) int local_connect(const struct sockaddr_un *address, socklen_t bytes)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	MUST(connect(fd, (const struct sockaddr *)address, bytes) == 0);
	return fd;
}

static __attribute__((unused)) void local_send(int socket, int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0};
	struct iovec part = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
	struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	MUST(sendmsg(socket, &message, 0) == 1);
}

static __attribute__((unused)) int local_receive(int socket)
{
	char byte, room[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8)));
	struct iovec part = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
	int fd;
	MUST(recvmsg(socket, &message, 0) == 1);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* Another descriptor of what `fd` stands for, which came in a message as if from another process. The pair stays open: who
 * gets a number that another thread closed comes after it. */
static __attribute__((unused)) int local_pass(int fd)
{
	int pair[2];
	MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	local_send(pair[0], fd);
	return local_receive(pair[1]);
}

#endif
