// A signal orders nothing with who waits for another one, and a handler's end nothing with the sender.
#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>
#include "steps.h"

static sigset_t set;
static int number;

static void handle(int n)
{
	number = n;
}

static void steps(void)
{
	HANDS(0, (raise(SIGUSR2), sigwait(&set, &number)));                       // race: race-data
	HANDS(kill(getpid(), SIGUSR1), (raise(SIGUSR2), sigwait(&set, &number))); // race: race-data
	HANDS(raise(SIGALRM), kill(getpid(), SIGALRM));                           // race: race-data
}

int main(void)
{
	signal(SIGALRM, handle);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGUSR1, handle);
	signal(SIGUSR2, handle);
	steps_run();
	return 0;
}
