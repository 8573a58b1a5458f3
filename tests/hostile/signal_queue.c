// hostile: queued signals with numbers from three threads at one that locks, copies and allocates: all, in order, with their senders
// open: a signal that comes again may be overtaken by the next of its number
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
enum { EACH = 3000, SENDERS = 3 };
static volatile int last[SENDERS], bad, total, over;
static pthread_t target;
static void on_signal(int number, siginfo_t *info, void *context)
{
	int sender = number - SIGRTMIN, saved = errno;
	if (info->si_code != SI_QUEUE || info->si_pid != getpid())
		bad++;
	if (info->si_value.sival_int != last[sender] + 1)
		bad++;
	last[sender] = info->si_value.sival_int;
	total++;
	errno = saved;
}
static void *send(void *argument)
{
	for (int i = 1; i <= EACH; i++)
		while (pthread_sigqueue(
			target, SIGRTMIN + (int)(long)argument, (union sigval){.sival_int = i}))
			usleep(100);
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
	pthread_t threads[SENDERS];
	sigset_t set;
	char a[500] = {0}, b[500];
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	target = pthread_self();
	sigfillset(&action.sa_mask);
	sigemptyset(&set);
	for (long i = 0; i < SENDERS; i++) {
		sigaction(SIGRTMIN + i, &action, NULL);
		sigaddset(&set, SIGRTMIN + i);
	}
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (long i = 0; i < SENDERS; i++)
		pthread_create(&threads[i], NULL, send, (void *)i);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	while (total < EACH * SENDERS) {
		pthread_mutex_lock(&mutex);
		memcpy(b, a, sizeof(a));
		pthread_mutex_unlock(&mutex);
		free(malloc(1000));
	}
	for (int i = 0; i < SENDERS; i++)
		pthread_join(threads[i], NULL);
	printf("%d %d\n", total, bad);
	return 0;
}
