// cflags: -Wl,--no-as-needed -laio
// Who collects a request's event comes after it, after who submitted it, and after who wrote what it read.
#define _GNU_SOURCE
#include <fcntl.h>
#include <libaio.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "pair.h"

enum { BYTES = 64, MANY = 5000 };

static int file, pair[2], event_fd;
static char bytes[8][BYTES], handed[BYTES];
static struct iocb requests[8];
static io_context_t context, bare;

static struct iocb *reading(int which)
{
	io_prep_pread(&requests[which], file, bytes[which], BYTES, 0);
	return &requests[which];
}

static void submit(struct iocb *request)
{
	struct iocb *list[] = {request};
	MUST(io_submit(context, 1, list) == 1);
}

static struct iocb *collect(void)
{
	struct io_event event;
	struct timespec most = {100, 0};
	MUST(io_pgetevents(context, 1, 1, &event, &most, NULL) == 1);
	return event.obj;
}

static void submit_all(void)
{
	racetrack_write(bytes[0], BYTES);
	racetrack_write(handed, 1);
	submit(reading(0));
}

static void collect_all(void)
{
	struct iocb *request = collect();
	MUST(request == &requests[0]);
	racetrack_write(bytes[0], BYTES);
	racetrack_write(handed, 1);
}

/* What was written to a pipe before: the kernel reads pipes as they are, and waits inside io_submit. */
static void write_pipe(void)
{
	racetrack_write(handed + 1, 1);
	MUST(write(pair[1], "x", 1) == 1);
}

static void read_pipe(void)
{
	io_prep_pread(&requests[1], pair[0], bytes[1], 1, 0);
	submit(&requests[1]);
	collect();
	racetrack_write(handed + 1, 1);
	racetrack_write(bytes[1], 1);
}

/* What an event descriptor tells. */
static void submit_with_event(void)
{
	racetrack_write(handed + 2, 1);
	io_prep_pread(&requests[2], file, bytes[2], BYTES, 0);
	io_set_eventfd(&requests[2], event_fd);
	submit(&requests[2]);
}

static void await_event(void)
{
	eventfd_t count;
	MUST(!eventfd_read(event_fd, &count));
	racetrack_write(handed + 2, 1);
	racetrack_write(bytes[2], BYTES);
	collect();
}

/* Not taken: nobody gets an event of it. */
static void refused(void)
{
	struct iocb wrong, *list[] = {&wrong};
	io_prep_pread(&wrong, -1, bytes[3], BYTES, 0);
	MUST(io_submit(context, 1, list) < 0);
	racetrack_write(bytes[3], BYTES);
	MUST(io_cancel(context, &wrong, &(struct io_event){0}) < 0);
}

/* One after the other, and all at once. */
static void many(void)
{
	struct iocb *list[] = {reading(4), reading(5)};
	struct io_event events[2];
	for (int i = 0; i < MANY; i++) {
		MUST(syscall(SYS_io_submit, bare, 2, list) == 2);
		MUST(syscall(SYS_io_getevents, bare, 2, 2, events, NULL) == 2);
		racetrack_write(bytes[4], BYTES);
		racetrack_write(bytes[5], BYTES);
	}
	MUST(syscall(SYS_io_submit, bare, 2, list) == 2 && !syscall(SYS_io_destroy, bare));
	racetrack_write(bytes[4], BYTES);
	submit(reading(6));
	MUST(!io_destroy(context));
	racetrack_write(bytes[6], BYTES);
}

int main(void)
{
	file = open("data", O_RDWR | O_CREAT, 0600);
	MUST(file >= 0 && write(file, bytes, BYTES) == BYTES && !pipe(pair));
	MUST((event_fd = eventfd(0, 0)) >= 0 && !io_setup(8, &context) && !syscall(SYS_io_setup, 8, &bare));
	pair_run(submit_all, collect_all);
	pair_run(submit_with_event, await_event);
	pair_run(write_pipe, read_pipe);
	refused();
	many();
	MUST(!unlink("data"));
	return 0;
}
