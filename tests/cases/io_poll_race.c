// Waiting in vain, for another descriptor, orders nothing; the results are written.
#define _GNU_SOURCE
#include "steps.h"
#include "polling.h"

static int pipes[STEPS_MOST][2], others[STEPS_MOST][2];

#define OUT         (pipes[__LINE__][1])
#define IN          (pipes[__LINE__][0])
#define OTHER       (others[__LINE__][0])
#define SEND        MUST(write(OUT, "x", 1) == 1)
#define COMES(wait) MUST((wait) == 1)
#define NONE(wait)  MUST((wait) == 0)

static struct pollfd *set_of(uint64_t *words, int fd)
{
	struct pollfd *set = (struct pollfd *)words;
	*set = (struct pollfd){.fd = fd, .events = POLLOUT};
	return set;
}

static void steps(void)
{
	HANDS(SEND, NONE(poll_one(OTHER)));                                      // race: race-data
	HANDS(SEND, NONE(ppoll_one(OTHER)));                                     // race: race-data
	HANDS(SEND, NONE(select_one(OTHER)));                                    // race: race-data
	HANDS(SEND, NONE(pselect_one(OTHER)));                                   // race: race-data
	HANDS(SEND, NONE(epoll_one(OTHER)));                                     // race: race-data
	HANDS(SEND, NONE(epoll_masked_one(OTHER)));                              // race: race-data
	HANDS(SEND, NONE(epoll_timed_one(OTHER)));                               // race: race-data
	WRITES(poll(set_of(WORDS, OUT), 1, 0), (char *)WORDS + 6);               // race: race-data
	WRITES(ppoll(set_of(WORDS, OUT), 1, &no_time, NULL), (char *)WORDS + 6); // race: race-data
}

/* The lines of this case are the first ones only; each has pipes of its own. */
int main(void)
{
	for (int i = 0; i < 100; i++)
		MUST(pipe(pipes[i]) == 0 && pipe(others[i]) == 0);
	steps_run();
	return 0;
}
