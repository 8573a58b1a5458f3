// What finds a request done comes after it: by asking, waiting, cancelling, a signal, a function that the C library calls.
#define _GNU_SOURCE
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "pair.h"

enum { BYTES = 64, REQUESTS = 12 };

static int file;
static char bytes[REQUESTS][BYTES];
static struct aiocb requests[REQUESTS];
static volatile sig_atomic_t came;
static struct gate called;

static struct aiocb *request_of(int which, int operation)
{
	struct aiocb *request = &requests[which];
	*request = (struct aiocb){.aio_fildes = file,
		.aio_buf = bytes[which],
		.aio_nbytes = BYTES,
		.aio_lio_opcode = operation};
	request->aio_sigevent.sigev_notify = SIGEV_NONE;
	return request;
}

static void *as64(void *blocks)
{
	return blocks;
}

static void wait_by_asking(struct aiocb *request)
{
	while (aio_error(request) == EINPROGRESS)
		;
	racetrack_write(request->aio_buf, BYTES);
	MUST(aio_return(request) == BYTES);
}

static void wait_by_asking64(struct aiocb *request)
{
	while (aio_error64(as64(request)) == EINPROGRESS)
		;
	MUST(aio_return64(as64(request)) == BYTES);
	racetrack_write(request->aio_buf, BYTES);
}

static void wait_suspended(struct aiocb *request)
{
	const struct aiocb *const list[] = {NULL, request};
	const struct timespec most = {100, 0};
	while (aio_suspend(list, 2, &most))
		;
	racetrack_write(request->aio_buf, BYTES);
	request->aio_nbytes = 0;
}

static void wait_suspended64(struct aiocb *request)
{
	struct aiocb *list[] = {request};
	while (aio_suspend64(as64(list), 1, NULL))
		;
	racetrack_write(request->aio_buf, BYTES);
}

static void lists(void)
{
	struct aiocb *list[] = {
		request_of(0, LIO_READ), NULL, request_of(1, LIO_WRITE), request_of(2, LIO_NOP)};
	racetrack_write(bytes[0], BYTES);
	MUST(!lio_listio(LIO_WAIT, list, 4, NULL));
	racetrack_write(bytes[0], BYTES);
	racetrack_write(bytes[1], BYTES);
	MUST(!lio_listio64(LIO_NOWAIT, as64(list), 4, NULL));
	racetrack_write(bytes[2], BYTES);
	wait_by_asking(list[0]);
	wait_by_asking64(list[2]);
}

static void synchronise(void)
{
	struct aiocb *request = request_of(3, LIO_NOP);
	const struct aiocb *const list[] = {request};
	MUST(!aio_fsync(O_SYNC, request));
	while (aio_error(request) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	request = request_of(3, LIO_NOP);
	MUST(!aio_fsync64(O_DSYNC, as64(request)));
	while (aio_error(request) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	memset(request, 0, sizeof(*request));
}

static void cancel(void)
{
	struct aiocb *request = request_of(4, LIO_READ);
	MUST(!aio_read64(as64(request)));
	while (aio_cancel(file, request) == AIO_NOTCANCELED)
		;
	racetrack_write(bytes[4], BYTES);
	request = request_of(5, LIO_READ);
	MUST(!aio_read(request));
	while (aio_cancel64(file, NULL) == AIO_NOTCANCELED)
		;
	racetrack_write(bytes[5], BYTES);
	memset(request, 0, sizeof(*request));
}

static void handle(int number)
{
	(void)number;
	racetrack_write(bytes[6], BYTES);
	came = 1;
}

static void call(union sigval value)
{
	racetrack_write(value.sival_ptr, BYTES);
	gate_open(&called, 1);
}

static void notified(void)
{
	struct aiocb *request = request_of(6, LIO_READ);
	signal(SIGUSR1, handle);
	request->aio_sigevent.sigev_notify = SIGEV_SIGNAL;
	request->aio_sigevent.sigev_signo = SIGUSR1;
	MUST(!aio_read(request));
	while (!came)
		usleep(1000);
	request = request_of(7, LIO_READ);
	request->aio_sigevent.sigev_notify = SIGEV_THREAD;
	request->aio_sigevent.sigev_notify_function = call;
	request->aio_sigevent.sigev_value.sival_ptr = bytes[7];
	MUST(!aio_read(request));
	gate_wait(&called, 1);
}

/* One thread asks, the other finds it done; and the third that comes asks again. */
static void ask(void)
{
	MUST(!aio_read(request_of(8, LIO_READ)));
	MUST(!aio_write64(as64(request_of(9, LIO_WRITE))));
}

static void find(void)
{
	wait_by_asking(&requests[8]);
	wait_suspended64(&requests[9]);
}

int main(void)
{
	file = open("data", O_RDWR | O_CREAT, 0600);
	MUST(file >= 0 && write(file, bytes, sizeof(bytes)) == sizeof(bytes));
	MUST(!aio_write(request_of(10, LIO_WRITE)));
	wait_suspended(&requests[10]);
	lists();
	synchronise();
	cancel();
	notified();
	pair_run(ask, find);
	MUST(aio_read(request_of(11, LIO_READ)) == 0);
	wait_by_asking64(&requests[11]);
	MUST(!unlink("data"));
	return 0;
}
