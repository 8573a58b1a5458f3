// Creating a thread writes the handle, joining it writes the result: for others than the new thread without an order.
#define _GNU_SOURCE
#include <errno.h>
#include <threads.h>
#include "steps.h"
#include "times.h"

#define HANDLE ((pthread_t *)WORDS)
#define RESULT ((void **)WORDS)

static void *nothing(void *unused)
{
	return unused;
}

static int nothing_c11(void *unused)
{
	(void)unused;
	return 0;
}

static pthread_t spare(void)
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, nothing, NULL) == 0);
	return thread;
}

static thrd_t spare_c11(void)
{
	thrd_t thread;
	MUST(thrd_create(&thread, nothing_c11, NULL) == thrd_success);
	return thread;
}

/* Until the thread has ended. */
#define SUCCEEDS(call)                                                                                       \
	({                                                                                                   \
		int error;                                                                                   \
		while ((error = (call)) == EBUSY)                                                            \
			;                                                                                    \
		error;                                                                                       \
	})

#define CREATED     (pthread_create(HANDLE, NULL, nothing, NULL), pthread_detach(*HANDLE))
#define CREATED_C11 (thrd_create(HANDLE, nothing_c11, NULL), thrd_detach(*HANDLE))
#define TIMED       pthread_timedjoin_np(spare(), RESULT, far_ahead(CLOCK_REALTIME))
#define CLOCKED     pthread_clockjoin_np(spare(), RESULT, CLOCK_MONOTONIC, far_ahead(CLOCK_MONOTONIC))

static void steps(void)
{
	pthread_t thread = steps_first ? spare() : 0;
	WRITES(CREATED, WORDS);                                      // race: race-data
	WRITES(CREATED_C11, WORDS);                                  // race: race-data
	WRITES(pthread_join(spare(), RESULT), WORDS);                // race: race-data
	WRITES(SUCCEEDS(pthread_tryjoin_np(thread, RESULT)), WORDS); // race: race-data
	WRITES(TIMED, WORDS);                                        // race: race-data
	WRITES(CLOCKED, WORDS);                                      // race: race-data
	WRITES(thrd_join(spare_c11(), (int *)WORDS), WORDS);         // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
