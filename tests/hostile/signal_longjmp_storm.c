// hostile: a timer's handler jumps out of memcpy, sem_post, mutexes 2,000 times while other threads do the same calls
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile sig_atomic_t armed, jumps;
static volatile int stop;
static sem_t semaphore;
static void on_alarm(int number)
{
	if (!armed)
		return;
	armed = 0;
	jumps++;
	siglongjmp(back, number);
}
static void *work(void *argument)
{
	char own[256] = {0}, copy[256];
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		memcpy(copy, own, sizeof(own));
		sem_post(&semaphore);
		sem_trywait(&semaphore);
	}
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	sigset_t set;
	sem_init(&semaphore, 0, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGALRM, on_alarm);
	struct itimerval timer = {{0, 100}, {0, 100}};
	setitimer(ITIMER_REAL, &timer, NULL);
	static char from[4096], to[4096];
	sigsetjmp(back, 1);
	while (jumps < 2000) {
		armed = 1;
		memcpy(to, from, 4096);
		memset(to, 1, 100);
		sem_post(&semaphore);
		sem_trywait(&semaphore);
		armed = 0;
	}
	timer = (struct itimerval){{0, 0}, {0, 0}};
	setitimer(ITIMER_REAL, &timer, NULL);
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d jumps\n", (int)jumps);
	return 0;
}
