// Another word orders nothing, and neither does a wait that ends without having been woken.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "steps.h"

static unsigned words[STEPS_MOST][2];

#define WORD (words[__LINE__])

static long call(unsigned *word, int operation, unsigned value, const struct timespec *most)
{
	return syscall(SYS_futex, word, operation, value, most, NULL, 0);
}

static const struct timespec moment = {0, 1000000};

#define CHANGED(word)  MUST(call(word, FUTEX_WAIT, 1, NULL) == -1 && errno == EAGAIN)
#define TOO_LATE(word) MUST(call(word, FUTEX_WAIT, 0, &moment) == -1 && errno == ETIMEDOUT)
#define WAKE(word)     MUST(call(word, FUTEX_WAKE, 1, NULL) == 0)

static void steps(void)
{
	HANDS(WAKE(WORD), CHANGED(WORD));                             // race: race-data
	HANDS(WAKE(WORD), TOO_LATE(WORD));                            // race: race-data
	HANDS(WAKE(WORD), WAKE(WORD));                                // race: race-data
	HANDS(MUST(!syscall(SYS_kill, getpid(), 0)), CHANGED(WORD));  // race: race-data
	HANDS(MUST(syscall(SYS_getpid) == getpid()), TOO_LATE(WORD)); // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
