// cflags: -fno-builtin -fno-inline
// Input writes what came and no more; output only reads.
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>

#include <sys/random.h>
#include "descriptors.h"
#include "steps.h"

static int file, sink;

/* Two parts, 4 and 3 bytes. */
static struct iovec *parts(void *first, void *second)
{
	static __thread struct iovec both[2];
	both[0] = (struct iovec){first, 4};
	both[1] = (struct iovec){second, 3};
	return both;
}

static struct msghdr *message(void *first, void *second)
{
	static __thread struct msghdr header;
	header = (struct msghdr){.msg_iov = parts(first, second), .msg_iovlen = 2};
	return &header;
}

static struct mmsghdr *messages(void *first, void *second)
{
	static __thread struct mmsghdr header[1];
	header[0] = (struct mmsghdr){.msg_hdr = *message(first, second)};
	return header;
}

static void steps(void)
{
	SPARES(read(supply_file(), A, 7), A + 7);
	SPARES(read(supply_file(), A, 60), A + 29);
	SPARES(read(-1, A, 60), A);
	SPARES(pread(file, A, 60, 20), A + 9);
	SPARES(pread64(file, A, 60, 20), A + 9);
	SPARES(pread(file, A, 60, 1000), A);
	SPARES(readv(supply_file(), parts(A, B), 2), A + 4);
	SPARES(readv(supply_file(), parts(A, B), 2), B + 3);
	SPARES(preadv(file, parts(A, B), 2, 27), A + 2);
	SPARES(preadv(file, parts(A, B), 2, 27), B);
	SPARES(recv(supply_socket(1), A, 64, 0), A + 7);
	SPARES(recvfrom(supply_socket(1), A, 64, 0, NULL, NULL), A + 7);
	SPARES(recvmsg(supply_socket(1), message(A, B), 0), B + 3);
	SPARES(recvmmsg(supply_socket(1), messages(A, B), 1, 0, NULL), B + 3);
	SPARES(recv(supply_socket(0), A, 64, MSG_DONTWAIT), A);
	ONLY_READS(write(sink, A, 7), A);
	SPARES(write(sink, A, 7), A + 7);
	ONLY_READS(writev(sink, parts(A, B), 2), A);
	SPARES(writev(sink, parts(A, B), 2), B + 3);
	ONLY_READS(send(supply_socket(0), A, 7, 0), A);
	SPARES(sendmsg(supply_socket(0), message(A, B), 0), B + 3);
	SPARES(getrandom(A, 7, 0), A + 7);
	SPARES(readlink("/proc/self/exe", B, 8), B + 8);
	SPARES(readlink("/proc/self/nothing", B, 8), B);
	SPARES(getcwd(A, 1), A);
}

int main(void)
{
	file = supply_file();
	sink = open("/dev/null", O_WRONLY);
	steps_run();
	return 0;
}
