// cflags: -fno-builtin -fno-inline
// Every byte that input and output copies: the last one of each extent, and what is done to it.
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
	WRITES(read(supply_file(), A, 7), A + 6);                              // race: race-data
	WRITES(pread(file, A, 7, 0), A + 6);                                   // race: race-data
	WRITES(pread64(file, A, 7, 0), A + 6);                                 // race: race-data
	WRITES(readv(supply_file(), parts(A, B), 2), A + 3);                   // race: race-data
	WRITES(readv(supply_file(), parts(A, B), 2), B + 2);                   // race: race-data
	WRITES(preadv(file, parts(A, B), 2, 0), A + 3);                        // race: race-data
	WRITES(preadv(file, parts(A, B), 2, 0), B + 2);                        // race: race-data
	WRITES(preadv64(file, parts(A, B), 2, 0), B + 2);                      // race: race-data
	WRITES(preadv2(file, parts(A, B), 2, 0, 0), B + 2);                    // race: race-data
	WRITES(preadv64v2(file, parts(A, B), 2, 0, 0), B + 2);                 // race: race-data
	WRITES(recv(supply_socket(1), A, 64, 0), A + 6);                       // race: race-data
	WRITES(recvfrom(supply_socket(1), A, 64, 0, NULL, NULL), A + 6);       // race: race-data
	WRITES(recvmsg(supply_socket(1), message(A, B), 0), A + 3);            // race: race-data
	WRITES(recvmsg(supply_socket(1), message(A, B), 0), B + 2);            // race: race-data
	WRITES(recvmmsg(supply_socket(1), messages(A, B), 1, 0, NULL), A + 3); // race: race-data
	WRITES(recvmmsg(supply_socket(1), messages(A, B), 1, 0, NULL), B + 2); // race: race-data
	READS(write(sink, A, 7), A + 6);                                       // race: race-data
	READS(pwrite(file, A, 7, 100), A + 6);                                 // race: race-data
	READS(pwrite64(file, A, 7, 100), A + 6);                               // race: race-data
	READS(writev(sink, parts(A, B), 2), A + 3);                            // race: race-data
	READS(writev(sink, parts(A, B), 2), B + 2);                            // race: race-data
	READS(pwritev(file, parts(A, B), 2, 100), B + 2);                      // race: race-data
	READS(pwritev64(file, parts(A, B), 2, 100), B + 2);                    // race: race-data
	READS(pwritev2(file, parts(A, B), 2, 100, 0), B + 2);                  // race: race-data
	READS(pwritev64v2(file, parts(A, B), 2, 100, 0), B + 2);               // race: race-data
	READS(send(supply_socket(0), A, 7, 0), A + 6);                         // race: race-data
	READS(sendto(supply_socket(0), A, 7, 0, NULL, 0), A + 6);              // race: race-data
	READS(sendmsg(supply_socket(0), message(A, B), 0), A + 3);             // race: race-data
	READS(sendmsg(supply_socket(0), message(A, B), 0), B + 2);             // race: race-data
	READS(sendmmsg(supply_socket(0), messages(A, B), 1, 0), A + 3);        // race: race-data
	READS(sendmmsg(supply_socket(0), messages(A, B), 1, 0), B + 2);        // race: race-data
	WRITES(getrandom(A, 7, 0), A + 6);                                     // race: race-data
	WRITES(getentropy(A, 7), A + 6);                                       // race: race-data
	WRITES(getcwd(A, 64), A);                                              // race: race-data
	READS(readlink(put(A, "/proc/self/exe"), B, 8), A + 14);               // race: race-data
	WRITES(readlink("/proc/self/exe", B, 8), B + 7);                       // race: race-data
	READS(readlinkat(AT_FDCWD, put(A, "/proc/self/exe"), B, 8), A + 14);   // race: race-data
	WRITES(readlinkat(AT_FDCWD, "/proc/self/exe", B, 8), B + 7);           // race: race-data
	WRITES(gethostname(A, 64), A);                                         // race: race-data
}

int main(void)
{
	file = supply_file();
	sink = open("/dev/null", O_WRONLY);
	steps_run();
	return 0;
}
