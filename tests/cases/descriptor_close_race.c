// cflags: -fno-builtin
// Who uses a descriptor and who closes it: nothing orders the two.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include "steps.h"

static char byte[1];
static struct iovec part = {byte, 1};
static int file, sink;

/* A number of the line's own. */
#define FD (600 + __LINE__)

static struct mmsghdr *messages(void)
{
	static __thread struct mmsghdr header;
	header = (struct mmsghdr){.msg_hdr = {.msg_iov = &part}};
	return &header;
}
#define MESSAGE (&messages()->msg_hdr)

static struct epoll_event *event(void)
{
	static __thread struct epoll_event one;
	return &one;
}

#define USE(call) STEP(call, close(FD))

static void steps(void)
{
	USE(read(FD, byte, 0));                           // race: race-descriptor
	USE(write(FD, byte, 0));                          // race: race-descriptor
	USE(pread(FD, byte, 0, 0));                       // race: race-descriptor
	USE(pwrite(FD, byte, 0, 0));                      // race: race-descriptor
	USE(readv(FD, &part, 0));                         // race: race-descriptor
	USE(writev(FD, &part, 0));                        // race: race-descriptor
	USE(recv(FD, byte, 0, 0));                        // race: race-descriptor
	USE(send(FD, byte, 0, 0));                        // race: race-descriptor
	USE(accept(FD, NULL, NULL));                      // race: race-descriptor
	USE(connect(FD, NULL, 0));                        // race: race-descriptor
	USE(dprintf(FD, "%s", ""));                       // race: race-descriptor
	USE(dup(FD));                                     // race: race-descriptor
	USE(fcntl(FD, F_DUPFD, 3));                       // race: race-descriptor
	USE(dup2(FD, sink));                              // race: race-descriptor
	USE(dup2(sink, FD));                              // race: race-descriptor
	USE(recvmsg(FD, MESSAGE, 0));                     // race: race-descriptor
	USE(recvmmsg(FD, messages(), 1, 0, NULL));        // race: race-descriptor
	USE(sendmsg(FD, MESSAGE, 0));                     // race: race-descriptor
	USE(sendmmsg(FD, messages(), 1, 0));              // race: race-descriptor
	USE(epoll_wait(FD, event(), 1, 0));               // race: race-descriptor
	USE(epoll_ctl(FD, EPOLL_CTL_DEL, sink, event())); // race: race-descriptor
	USE(epoll_ctl(sink, EPOLL_CTL_DEL, FD, event())); // race: race-descriptor
	STEP(read(FD, byte, 0), fclose(fdopen(FD, "r"))); // race: race-descriptor
	STEP(read(FD, byte, 0), close_range(FD, FD, 0));  // race: race-descriptor
	/* the other way round: what was closed before is refused */
	STEP(close(FD), read(FD, byte, 0));  // race: race-descriptor
	STEP(close(FD), write(FD, byte, 0)); // race: race-descriptor
	STEP(close(FD), close(FD));          // race: race-descriptor
	/* what the kernel gave to somebody else meanwhile is another descriptor */
	STEP((close(FD), fcntl(file, F_DUPFD, FD)), read(FD, byte, 0));
	/* both may use it, and put another in its place */
	STEP(read(FD, byte, 0), write(FD, byte, 0));
	STEP(read(FD, byte, 0), dup2(sink, FD));
	STEP(dup2(sink, FD), dup3(file, FD, 0));
}

int main(void)
{
	file = open("/dev/null", O_RDWR);
	sink = open("/dev/null", O_RDWR);
	for (int fd = 600; fd < 800; fd++)
		MUST(dup2(file, fd) == fd);
	steps_run();
	return 0;
}
