/* A picture in a memfd, whose descriptor its painter hands to the process that shows it. Row R4, repaired: the painter
 * hands it over when it is done.
 */
/* expect: nothing */
#include <string.h>
#include <sys/socket.h>

#include "../shared.h"

struct picture {
	char pixels[256];
};

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void send_descriptor(int to, int fd)
{
	union control control = {.header = {CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS}};
	struct iovec text = {"p", 1};
	struct msghdr message = {NULL, 0, &text, 1, &control, sizeof control, 0};
	memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
	must(sendmsg(to, &message, 0) != 1);
}

static int receive_descriptor(int from)
{
	union control control;
	char byte;
	struct iovec text = {&byte, 1};
	struct msghdr message = {NULL, 0, &text, 1, &control, sizeof control, 0};
	int fd;
	must(recvmsg(from, &message, 0) != 1);
	memcpy(&fd, CMSG_DATA(&control.header), sizeof fd);
	return fd;
}

static void *paint(void *ends)
{
	int fd = make_memory(sizeof(struct picture)), colour = 7;
	struct picture *picture = map_file(fd, sizeof *picture);
	snprintf(picture->pixels, sizeof picture->pixels, "a house of colour %d", colour);
	send_descriptor(((int *)ends)[0], fd);
	return NULL;
}

static void *show(void *ends)
{
	struct picture *picture = map_file(receive_descriptor(((int *)ends)[1]), sizeof *picture);
	char copy[sizeof picture->pixels];
	printf("%s\n", strcpy(copy, picture->pixels));
	fflush(stdout);
	return NULL;
}

int main(void)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	run_processes(paint, show, ends, ends);
	return 0;
}
