// cflags: -fno-builtin
// Every call that makes a descriptor: a number that another thread used, and closed where it was not seen, begins anew.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "steps.h"

int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

static char byte[1];

/* Used, and closed by the kernel alone. */
static int leave(int fd)
{
	MUST(fd >= 0);
	syscall(SYS_fcntl, fd, F_SETFL, O_NONBLOCK); /* some would wait even for nothing */
	(void)!read(fd, byte, 0);
	(void)!write(fd, byte, 0);
	MUST(syscall(SYS_close, fd) == 0);
	return 0;
}

static void close_it(int fd)
{
	MUST(fd >= 0 && close(fd) == 0);
}

static int *both(int error, int pair[2])
{
	MUST(error == 0);
	return pair;
}

static void leave_both(const int pair[2])
{
	leave(pair[0]);
	leave(pair[1]);
}

static void close_both(const int pair[2])
{
	close_it(pair[0]);
	close_it(pair[1]);
}

static char *path(const char *text)
{
	static __thread char room[64];
	return strcpy(room, text);
}

/* A socket that hands over a descriptor of /dev/null. */
static int passed(void)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {byte, 1};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	int pair[2], fd = open("/dev/null", O_RDWR);
	MUST(fd >= 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	control.header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	MUST(sendmsg(pair[0], &message, 0) == 1);
	MUST(recvmsg(pair[1], &message, 0) == 1);
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	close_both(pair);
	return fd;
}

#define EACH(call)        STEP(leave(call), close_it(call))
#define EACH_PAIR(call)   STEP((leave_both(both(call, pair)), 0), close_both(both(call, pair)))
#define EACH_STREAM(call) STEP(leave(fileno(call)), MUST(fclose(call) == 0))

static void steps(void)
{
	int pair[2];
	sigset_t mask;
	sigemptyset(&mask);
	EACH(open("/dev/null", O_RDWR));
	EACH(open("file", O_RDWR | O_CREAT, 0600));
	EACH(open64("/dev/null", O_RDWR));
	EACH(openat(AT_FDCWD, "/dev/null", O_RDWR));
	EACH(openat64(AT_FDCWD, "/dev/null", O_RDWR));
	EACH(__open_2("/dev/null", O_RDWR));
	EACH(__open64_2("/dev/null", O_RDWR));
	EACH(__openat_2(AT_FDCWD, "/dev/null", O_RDWR));
	EACH(__openat64_2(AT_FDCWD, "/dev/null", O_RDWR));
	EACH(creat("file", 0600));
	EACH(creat64("file", 0600));
	EACH(socket(AF_UNIX, SOCK_STREAM, 0));
	EACH_PAIR(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	EACH_PAIR(pipe(pair));
	EACH_PAIR(pipe2(pair, O_CLOEXEC));
	EACH(eventfd(0, EFD_NONBLOCK));
	EACH(signalfd(-1, &mask, SFD_NONBLOCK));
	EACH(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
	EACH(inotify_init());
	EACH(inotify_init1(IN_NONBLOCK));
	EACH(epoll_create(1));
	EACH(epoll_create1(0));
	EACH(memfd_create("case", 0));
	EACH(shm_open("/racetrack_case", O_RDWR | O_CREAT, 0600));
	EACH(posix_openpt(O_RDWR | O_NOCTTY));
	EACH(mkstemp(path("fileXXXXXX")));
	EACH(mkstemp64(path("fileXXXXXX")));
	EACH(mkostemp(path("fileXXXXXX"), O_CLOEXEC));
	EACH(mkostemp64(path("fileXXXXXX"), O_CLOEXEC));
	EACH_STREAM(fopen("/dev/null", "r+"));
	EACH_STREAM(fopen64("/dev/null", "r+"));
	EACH_STREAM(tmpfile());
	EACH_STREAM(tmpfile64());
	STEP(leave(fileno(popen("cat >/dev/null", "w"))), pclose(popen("cat >/dev/null", "w")));
	EACH(dup(0));
	STEP((close_it(dup2(0, 100)), 0), close_it(dup2(0, 100)));
	STEP((close_it(dup3(0, 100, O_CLOEXEC)), 0), close_it(dup3(0, 100, O_CLOEXEC)));
	EACH(fcntl(0, F_DUPFD, 3));
	EACH(fcntl64(0, F_DUPFD_CLOEXEC, 3));
	EACH(passed());
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN); /* of what has no other end any more */
	steps_run();
	shm_unlink("/racetrack_case");
	return 0;
}
