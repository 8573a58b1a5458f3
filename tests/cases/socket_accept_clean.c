/* What a client did before it asked for a connection is ordered before what the server does after it accepted. */
#include "pair.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char data[2][64], copy[64];
static int listeners[2];
static struct sockaddr_in internet;
static struct sockaddr_un local;
static socklen_t local_bytes;

static void *client(void *argument)
{
	(void)argument;
	memset(data[0], 1, sizeof(data[0]));
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	MUST(!connect(fd, (struct sockaddr *)&internet, sizeof(internet)));
	close(fd);
	memset(data[1], 1, sizeof(data[1]));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	MUST(!connect(fd, (struct sockaddr *)&local, local_bytes));
	close(fd);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	socklen_t bytes = sizeof(internet);
	internet.sin_family = AF_INET;
	internet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listeners[0] = socket(AF_INET, SOCK_STREAM, 0);
	MUST(!bind(listeners[0], (struct sockaddr *)&internet, sizeof(internet)));
	MUST(!getsockname(listeners[0], (struct sockaddr *)&internet, &bytes));
	MUST(!listen(listeners[0], 1));
	local.sun_family = AF_UNIX;
	local_bytes =
		(socklen_t)offsetof(struct sockaddr_un, sun_path); /* the kernel gives it an abstract name */
	listeners[1] = socket(AF_UNIX, SOCK_STREAM, 0);
	MUST(!bind(listeners[1], (struct sockaddr *)&local, local_bytes));
	local_bytes = sizeof(local);
	MUST(!getsockname(listeners[1], (struct sockaddr *)&local, &local_bytes));
	MUST(!listen(listeners[1], 1));
	MUST(!pthread_create(&thread, NULL, client, NULL));
	int fd = accept(listeners[0], NULL, NULL);
	MUST(fd >= 0);
	memcpy(copy, data[0], sizeof(copy));
	close(fd);
	fd = accept4(listeners[1], NULL, NULL, SOCK_CLOEXEC);
	MUST(fd >= 0);
	memcpy(copy, data[1], sizeof(copy));
	close(fd);
	pthread_join(thread, NULL);
	return 0;
}
