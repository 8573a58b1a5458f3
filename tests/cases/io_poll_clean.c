// A descriptor that is found readable orders what was done before it was written to.
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

static void steps(void)
{
	HANDS(SEND, COMES(poll_one(IN)));
	HANDS(SEND, COMES(ppoll_one(IN)));
	HANDS(SEND, COMES(select_one(IN)));
	HANDS(SEND, COMES(pselect_one(IN)));
	HANDS(SEND, COMES(epoll_one(IN)));
	HANDS(SEND, COMES(epoll_masked_one(IN)));
	HANDS(SEND, COMES(epoll_timed_one(IN)));
}

/* The lines of this case are the first ones only; each has pipes of its own. */
int main(void)
{
	for (int i = 0; i < 100; i++)
		MUST(pipe(pipes[i]) == 0 && pipe(others[i]) == 0);
	steps_run();
	return 0;
}
