// A handler that jumps out of a blocking call, and out of calls that the detector follows.
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "pair.h"

static __thread sigjmp_buf back;
static int pipes[2];

static void jump(int number)
{
	siglongjmp(back, number);
}

static void block(void)
{
	char to[8];
	for (int i = 0; i < 20; i++) {
		if (sigsetjmp(back, 1))
			continue;
		pthread_kill(pthread_self(), SIGUSR1);
		MUST(read(pipes[0], to, sizeof to) < 0);
	}
	memset(to, 1, sizeof to);
}

int main(void)
{
	MUST(pipe(pipes) == 0);
	signal(SIGUSR1, jump);
	pair_run(block, block);
	puts("back");
	return 0;
}
