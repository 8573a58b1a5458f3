// An event may come before the epoll_ctl that asked for it returns: a socket that is not connected has hung up. What was made for
// it happens before the event all the same.
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "pair.h"

enum { ROUNDS = 20000 };

static int set, made[ROUNDS];
static struct gate seen;

static void *poller(void *unused)
{
	for (int round = 0; round < ROUNDS; round++) {
		struct epoll_event event;
		while (epoll_wait(set, &event, 1, 0) != 1)
			;
		racetrack_read(event.data.ptr, sizeof(int));
		gate_open(&seen, round + 1);
	}
	return unused;
}

int main(void)
{
	pthread_t thread;
	MUST((set = epoll_create1(0)) >= 0);
	MUST(epoll_ctl(set, EPOLL_CTL_ADD, set, NULL) == -1 && errno == EFAULT);
	MUST(pthread_create(&thread, NULL, poller, NULL) == 0);
	for (int round = 0; round < ROUNDS; round++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		struct epoll_event event = {.events = EPOLLET, .data.ptr = &made[round]};
		racetrack_write(&made[round], sizeof(made[round]));
		MUST(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0);
		gate_wait(&seen, round + 1);
		close(fd);
	}
	pthread_join(thread, NULL);
	return 0;
}
