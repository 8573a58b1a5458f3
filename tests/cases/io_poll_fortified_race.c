// cflags: -O2 -D_FORTIFY_SOURCE=2
// The fortified forms of waiting.
#define _GNU_SOURCE
#include "steps.h"
#include "polling.h"

static struct pollfd sets[2], more[2];

static void steps(void)
{
	WRITES(poll(sets, N(1), 0), &sets[0].revents);               // race: race-data
	WRITES(ppoll(more, N(1), &no_time, NULL), &more[0].revents); // race: race-data
}

int main(void)
{
	sets[0] = more[0] = (struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT};
	steps_run();
	return 0;
}
