/* Descriptors to read from and write to, a call for each need; each lives until the program ends. */
#ifndef RACETRACK_TESTS_DESCRIPTORS_H
#define RACETRACK_TESTS_DESCRIPTORS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* The contents come from memory that no other thread touches. */
static const char supplied[] = "abcdefghijklmnop\nsecond line\n";

/* A file that holds `supplied`, at its start. */
static __attribute__((unused)) int supply_file(void)
{
	char path[] = "/tmp/racetrack-case-XXXXXX";
	int fd = mkstemp(path);
	if (fd < 0 || write(fd, supplied, sizeof supplied - 1) < 0 || lseek(fd, 0, SEEK_SET))
		abort();
	unlink(path);
	return fd;
}

static __attribute__((unused)) FILE *supply_stream(void)
{
	return fdopen(supply_file(), "r+");
}

/* A datagram socket where a message waits; its other end. */
static __attribute__((unused)) int supply_socket(int messages)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends))
		abort();
	for (int i = 0; i < messages; i++)
		if (send(ends[1], supplied, 7, 0) != 7)
			abort();
	return messages ? ends[0] : ends[1];
}

#endif
