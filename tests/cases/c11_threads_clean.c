// The threads, locks and conditions of C11 order as those of POSIX do.
#include <errno.h>
#include <stdio.h>
#include <threads.h>
#include "pair.h"
#include "times.h"

static mtx_t mutex;
static cnd_t condition;
static int ready, by_creator, by_thread, under_mutex, before_signal;

static int work(void *argument)
{
	racetrack_write(&by_creator, sizeof by_creator);
	racetrack_write(&by_thread, sizeof by_thread);
	MUST(mtx_lock(&mutex) == thrd_success);
	racetrack_write(&under_mutex, sizeof under_mutex);
	MUST(cnd_timedwait(&condition, &mutex, &passed) == thrd_timedout || ready);
	while (!ready)
		MUST(cnd_wait(&condition, &mutex) == thrd_success);
	racetrack_write(&before_signal, sizeof before_signal);
	MUST(mtx_unlock(&mutex) == thrd_success);
	return (int)(intptr_t)argument;
}

int main(void)
{
	thrd_t thread;
	int result = 0;
	MUST(mtx_init(&mutex, mtx_timed) == thrd_success);
	MUST(cnd_init(&condition) == thrd_success);
	racetrack_write(&by_creator, sizeof by_creator);
	MUST(thrd_create(&thread, work, (void *)7) == thrd_success);
	racetrack_write(&before_signal, sizeof before_signal);
	MUST(mtx_timedlock(&mutex, far_ahead(CLOCK_REALTIME)) == thrd_success);
	racetrack_write(&under_mutex, sizeof under_mutex);
	ready = 1;
	MUST(mtx_unlock(&mutex) == thrd_success);
	MUST(cnd_signal(&condition) == thrd_success);
	while (mtx_trylock(&mutex) != thrd_success)
		;
	racetrack_write(&under_mutex, sizeof under_mutex);
	MUST(mtx_unlock(&mutex) == thrd_success);
	MUST(thrd_join(thread, &result) == thrd_success);
	racetrack_write(&by_thread, sizeof by_thread);
	printf("%d\n", result);
	cnd_destroy(&condition);
	mtx_destroy(&mutex);
	return 0;
}
