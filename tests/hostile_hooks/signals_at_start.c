// hostile: signals that arrive in threads before their start functions, with handlers that store and count
// compilers: gcc clang
// expect: race-data
// at: race_first<work race_second<work
// may: signal_nested
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include "planted.h"
enum { THREADS = 2000 };
static struct gate gate;
static __thread long handled;
static long started;
static void on_signal(int number)
{
	handled++;
}
static void *work(void *argument)
{
	long which = (long)argument;
	gate_wait(&gate, which);
	which ? race_second() : race_first();
	gate_open(&gate, which + 1);
	return argument;
}
static void *start(void *argument)
{
	sigset_t mask;
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	started +=
		!sigismember(&mask, SIGALRM) && sigismember(&mask, SIGUSR2) && !sigismember(&mask, SIGTERM);
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	struct itimerval every = {{0, 50}, {0, 50}};
	sigset_t mask;
	pthread_t threads[2];
	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &mask, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	for (int i = 0; i < THREADS; i++) {
		pthread_create(&threads[0], NULL, start, NULL);
		pthread_join(threads[0], NULL);
	}
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	printf("%ld\n", started);
	return 0;
}
