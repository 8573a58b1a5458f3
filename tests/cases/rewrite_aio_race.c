// The only threads are the C library's, which write a buffer while the program changes it.
#include <aio.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include "pair.h"

static volatile char buffer[64];

int main(void)
{
	FILE *file = tmpfile();
	struct aiocb request = {.aio_buf = (void *)buffer, .aio_nbytes = sizeof(buffer)};
	const struct aiocb *const list[] = {&request};
	MUST(file);
	request.aio_fildes = fileno(file);
	request.aio_sigevent.sigev_notify = SIGEV_NONE;
	buffer[1] = 1;
	MUST(!aio_write(&request)); // race: race-data WRITE
	buffer[1] = 2;              // race: race-data WRITE
	while (aio_error(&request) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	MUST(aio_return(&request) == sizeof(buffer));
	buffer[1] = 3;
	fclose(file);
	return 0;
}
