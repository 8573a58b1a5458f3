// cflags: -Wl,--no-as-needed -laio
// A buffer is the request's from its submission until its event was collected; another request's event says nothing of it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <libaio.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "pair.h"

enum { BYTES = 64 };

static int file;
static char bytes[8][BYTES];
static struct iocb requests[8];
static io_context_t context;

static struct iocb *reading(int which)
{
	io_prep_pread(&requests[which], file, bytes[which], BYTES, 0);
	return &requests[which];
}

static struct iocb *writing(int which)
{
	io_prep_pwrite(&requests[which], file, bytes[which], BYTES, 0);
	return &requests[which];
}

static void collect_one(void)
{
	struct io_event event;
	MUST(io_getevents(context, 1, 1, &event, NULL) == 1 && event.res == BYTES);
}

/* By the thread that asked for it, before its event was collected. */
static void too_early(void)
{
	struct iocb *list[] = {reading(0)};
	MUST(io_submit(context, 1, list) == 1);  // race: race-data READ
	racetrack_read(bytes[0] + BYTES - 1, 1); // race: race-data READ
	collect_one();
	racetrack_write(bytes[0], BYTES);
	list[0] = writing(1);
	MUST(io_submit(context, 1, list) == 1); // race: race-data WRITE
	racetrack_read(bytes[1], 1);
	racetrack_write(bytes[1], 1); // race: race-data WRITE
	collect_one();
	racetrack_write(bytes[1], BYTES);
}

static void too_early_in_parts(void)
{
	struct iovec parts[] = {{bytes[2], 1}, {bytes[2] + 8, BYTES - 8}};
	struct iocb *list[] = {&requests[2]};
	struct io_event event;
	io_prep_preadv(&requests[2], file, parts, 2, 0);
	MUST(io_submit(context, 1, list) == 1); // race: race-data PARTS
	racetrack_write(bytes[2] + 1, 7);
	racetrack_read(bytes[2] + 8, 1); // race: race-data PARTS
	MUST(io_getevents(context, 1, 1, &event, NULL) == 1);
}

/* By the bare system calls. */
static void too_early_bare(void)
{
	struct iocb *list[] = {reading(3)};
	struct io_event event;
	MUST(syscall(SYS_io_submit, context, 1, list) == 1); // race: race-data BARE
	racetrack_read(bytes[3], 1);                         // race: race-data BARE
	MUST(syscall(SYS_io_getevents, context, 1, 1, &event, NULL) == 1);
	racetrack_write(bytes[3], BYTES);
}

static void alone(void)
{
	too_early();
	too_early_in_parts();
	too_early_bare();
}

static void nothing(void)
{
}

/* The other thread has no order with the request, though it is over. */
static void ask(void)
{
	struct iocb *list[] = {reading(4)};
	MUST(io_submit(context, 1, list) == 1); // race: race-data OTHER
	collect_one();
}

static void other(void)
{
	racetrack_read(bytes[4], 1); // race: race-data OTHER
}

int main(void)
{
	file = open("data", O_RDWR | O_CREAT, 0600);
	MUST(file >= 0 && write(file, bytes, BYTES) == BYTES);
	MUST(!io_setup(8, &context));
	pair_run(alone, nothing);
	pair_run(ask, other);
	MUST(!io_destroy(context) && !unlink("data"));
	return 0;
}
