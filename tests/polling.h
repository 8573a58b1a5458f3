/* One descriptor, waited for by each of the functions that wait for descriptors; what they say about it. */
#ifndef RACETRACK_TESTS_POLLING_H
#define RACETRACK_TESTS_POLLING_H

#include <poll.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

static const struct timespec no_time = {0, 0};

static __attribute__((unused)) int poll_one(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};
	return poll(&one, 1, 0);
}

static __attribute__((unused)) int ppoll_one(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};
	return ppoll(&one, 1, &no_time, NULL);
}

static __attribute__((unused)) int select_one(int fd)
{
	fd_set in;
	struct timeval none = {0, 0};
	FD_ZERO(&in);
	FD_SET(fd, &in);
	return select(fd + 1, &in, NULL, NULL, &none);
}

static __attribute__((unused)) int pselect_one(int fd)
{
	fd_set in;
	FD_ZERO(&in);
	FD_SET(fd, &in);
	return pselect(fd + 1, &in, NULL, NULL, &no_time, NULL);
}

static __attribute__((unused)) int epoll_of(int fd)
{
	int set = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
	return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) ? -1 : set;
}

static __attribute__((unused)) int epoll_one(int fd)
{
	struct epoll_event event;
	return epoll_wait(epoll_of(fd), &event, 1, 0);
}

static __attribute__((unused)) int epoll_masked_one(int fd)
{
	struct epoll_event event;
	return epoll_pwait(epoll_of(fd), &event, 1, 0, NULL);
}

static __attribute__((unused)) int epoll_timed_one(int fd)
{
	struct epoll_event event;
	return epoll_pwait2(epoll_of(fd), &event, 1, &no_time, NULL);
}

#endif
