// hostile: threads order themselves by pipes, socket pairs, eventfd, streams over pipes, splice, TCP, poll
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>
static int to[2], back[2], how;
static char text[100];
static FILE *out, *in;
enum {
	PIPE,
	PAIR,
	EVENT,
	EVENT_CALLS,
	STREAM,
	STREAM_CHARS,
	DPRINTF,
	SPLICE,
	TCP,
	POLL,
	MESSAGE,
	DUPED,
	RAW_CLOSED,
	HANG_UP,
	FSCANF,
	HOWS
};
static void send_over(int fd)
{
	unsigned long one = 1;
	struct iovec part = {&one, 8};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	switch (how) {
	case EVENT_CALLS:
		eventfd_write(fd, 1);
		break;
	case STREAM:
		fwrite(&one, 8, 1, out);
		fflush(out);
		break;
	case STREAM_CHARS:
		fputc('x', out);
		fflush(out);
		break;
	case FSCANF:
	case DPRINTF:
		dprintf(fd, "1234567\n");
		break;
	case SPLICE: {
		int between[2];
		pipe(between);
		write(between[1], &one, 8);
		splice(between[0], NULL, fd, NULL, 8, 0);
		close(between[0]);
		close(between[1]);
		break;
	}
	case MESSAGE:
		sendmsg(fd, &message, 0);
		break;
	case DUPED: {
		int copy = fcntl(fd, F_DUPFD, 100);
		write(copy, &one, 8);
		close(copy);
		break;
	}
	case HANG_UP:
		close(fd);
		break;
	default:
		write(fd, &one, 8);
	}
}
static void receive(int fd)
{
	char got[20];
	struct pollfd poller = {fd, POLLIN};
	eventfd_t value;
	struct iovec part = {got, 8};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	switch (how) {
	case EVENT_CALLS:
		eventfd_read(fd, &value);
		break;
	case STREAM:
		fread(got, 8, 1, in);
		break;
	case STREAM_CHARS:
		fgetc(in);
		break;
	case FSCANF:
		fscanf(in, "%19s", got);
		break;
	case MESSAGE:
		recvmsg(fd, &message, 0);
		break;
	case POLL:
	case HANG_UP:
		poll(&poller, 1, -1);
		break;
	default:
		read(fd, got, 8);
	}
}
static void *work(void *argument)
{
	snprintf(text, sizeof(text), "way %d", how);
	send_over(to[1]);
	return NULL;
}
static void make(void)
{
	switch (how) {
	case PAIR:
	case MESSAGE:
		socketpair(AF_UNIX, SOCK_STREAM, 0, to);
		break;
	case EVENT:
	case EVENT_CALLS:
		to[0] = eventfd(0, 0);
		to[1] = dup(to[0]);
		break;
	case TCP: {
		struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
		socklen_t bytes = sizeof(address);
		int listener = socket(AF_INET, SOCK_STREAM, 0);
		bind(listener, (void *)&address, bytes);
		getsockname(listener, (void *)&address, &bytes);
		listen(listener, 1);
		to[0] = socket(AF_INET, SOCK_STREAM, 0);
		connect(to[0], (void *)&address, bytes);
		to[1] = accept(listener, NULL, NULL);
		close(listener);
		break;
	}
	case RAW_CLOSED:
		for (int i = 0; i < 2; i++) {
			pipe(to);
			write(to[1], "x", 1);
			if (i)
				break;
			syscall(3, to[0]);
			read(to[1], text, 0);
			syscall(3, to[1]);
			open("/dev/null", O_RDONLY);
		}
		{
			char one;
			read(to[0], &one, 1);
		}
		break;
	default:
		pipe(to);
	}
	out = fdopen(dup(to[1]), "w");
	in = fdopen(dup(to[0]), "r");
	if (how == HANG_UP)
		fclose(out);
}
int main(void)
{
	for (how = 0; how < HOWS; how++) {
		pthread_t thread;
		make();
		pthread_create(&thread, NULL, work, NULL);
		receive(to[0]);
		printf("%s\n", text);
		strcpy(text, "again");
		pthread_join(thread, NULL);
	}
	return 0;
}
