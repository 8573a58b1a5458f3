// cflags: -fno-builtin
// Queued signals that arrive while their thread is inside the detector: each comes once, in order, with its value.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "pair.h"

enum { SIGNALS = 3000, IN_FLIGHT = 5 };

static struct gate gate;
static volatile sig_atomic_t seen[2], wrong;

static void handle(int number, siginfo_t *info, void *context)
{
	volatile sig_atomic_t *next = &seen[number != SIGUSR1];
	if (info->si_signo != number || info->si_code != SI_QUEUE || info->si_pid != getpid() ||
		info->si_uid != getuid() || info->si_value.sival_int != *next || !context)
		wrong++;
	(*next)++;
	gate_open(&gate, seen[0] + seen[1]);
}

static void *copy(void *unused)
{
	char from[64] = "x", to[64];
	sigset_t set;
	sigemptyset(&set);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	while (seen[0] + seen[1] < 2 * SIGNALS) {
		memcpy(to, from, sizeof to);
		free(strdup(to));
	}
	return unused;
}

int main(void)
{
	pthread_t copier;
	sigset_t set;
	struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGRTMIN + 1, &action, NULL);
	sigfillset(&set);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	MUST(pthread_create(&copier, NULL, copy, NULL) == 0);
	for (int i = 0; i < SIGNALS; i++) {
		MUST(pthread_sigqueue(copier, SIGUSR1, (union sigval){.sival_int = i}) == 0);
		gate_wait(&gate, i + 1);
	}
	for (int i = 0; i < SIGNALS; i++) {
		MUST(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i}) == 0);
		gate_wait(&gate, SIGNALS + i - IN_FLIGHT);
	}
	pthread_join(copier, NULL);
	printf("%d %d, %d wrong\n", (int)seen[0], (int)seen[1], (int)wrong);
	return 0;
}
