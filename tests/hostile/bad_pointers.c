// hostile: hands bad pointers to calls that answer EFAULT
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static void say(const char *what, long result)
{
	printf("%s %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
	fflush(stdout);
}
static void *idle(void *argument)
{
	pause();
	return argument;
}
int main(void)
{
	pthread_t thread;
	int pair[2];
	char *bad = (char *)16;
	pthread_create(&thread, NULL, idle, NULL);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	say("write", write(pair[0], bad, 10));
	say("read", read(pair[0], bad, 0));
	say("writev", writev(pair[0], (void *)bad, 2));
	say("readv", readv(pair[0], (void *)bad, 2));
	struct iovec huge[1] = {{bad, (size_t)-1}};
	say("writev huge", writev(pair[0], huge, 1));
	say("writev many", writev(pair[0], huge, 1000000));
	say("sendmsg", sendmsg(pair[0], (void *)bad, 0));
	say("recvmsg", recvmsg(pair[0], (void *)bad, MSG_DONTWAIT));
	struct msghdr message = {.msg_iov = (void *)bad, .msg_iovlen = 3};
	say("sendmsg parts", sendmsg(pair[0], &message, 0));
	struct msghdr named = {.msg_name = bad, .msg_namelen = 16, .msg_iov = huge, .msg_iovlen = 0};
	say("sendmsg name", sendmsg(pair[0], &named, 0));
	say("sendto", sendto(pair[0], "x", 1, 0, (void *)bad, 16));
	say("sendmmsg", sendmmsg(pair[0], (void *)bad, 1, 0));
	say("recvmmsg", recvmmsg(pair[0], (void *)bad, 1, MSG_DONTWAIT, NULL));
	say("setrlimit", setrlimit(RLIMIT_AS, (void *)bad));
	say("getrlimit", getrlimit(RLIMIT_AS, (void *)bad));
	say("pread", pread(pair[0], bad, 10, 0));
	say("readlink", readlink(bad, bad, 10));
	say("closed", write(999, "x", 1));
	return 0;
}
