// A buffer is the request's from its submission until somebody has found it done, and another request's end says nothing of it.
#define _GNU_SOURCE
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "pair.h"

enum { BYTES = 64 };

static int file;
static char bytes[5][BYTES];
static struct aiocb requests[5];

static struct aiocb *request_of(int which)
{
	struct aiocb *request = &requests[which];
	*request = (struct aiocb){.aio_fildes = file, .aio_buf = bytes[which], .aio_nbytes = BYTES};
	request->aio_sigevent.sigev_notify = SIGEV_NONE;
	return request;
}

static void wait_for(struct aiocb *request)
{
	const struct aiocb *const list[] = {request};
	while (aio_error(request) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	MUST(aio_return(request) == BYTES);
}

/* By the thread that asked for it, before it is done. */
static void too_early(void)
{
	struct aiocb *request = request_of(0);
	MUST(!aio_read(request));                // race: race-data READ
	racetrack_read(bytes[0] + BYTES - 1, 1); // race: race-data READ
	wait_for(request);
	racetrack_read(bytes[0], BYTES);
	request = request_of(1);
	MUST(!aio_write(request)); // race: race-data WRITE
	racetrack_read(bytes[1], 1);
	racetrack_write(bytes[1], 1); // race: race-data WRITE
	wait_for(request);
	racetrack_write(bytes[1], BYTES);
}

/* The other thread has no order with the request, though it is over. */
static void ask(void)
{
	struct aiocb *request = request_of(2);
	MUST(!aio_read(request)); // race: race-data OTHER
	wait_for(request);
	request = request_of(3);
	MUST(!aio_write64((struct aiocb64 *)request)); // race: race-data LIST
}

static void other(void)
{
	struct aiocb *request = request_of(4);
	racetrack_read(bytes[2], 1); // race: race-data OTHER
	MUST(!lio_listio(LIO_WAIT, &request, 1, NULL));
	racetrack_write(bytes[3], 1); // race: race-data LIST
	racetrack_write(bytes[4], 1);
	wait_for(&requests[3]);
}

int main(void)
{
	file = open("data", O_RDWR | O_CREAT, 0600);
	MUST(file >= 0 && write(file, bytes, sizeof(bytes)) == sizeof(bytes));
	too_early();
	pair_run(ask, other);
	MUST(!unlink("data"));
	return 0;
}
