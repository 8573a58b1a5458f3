// hostile: handlers that store, load, lock-free count and call deeply, while their threads are in the midst of the same
// compilers: gcc clang
// expect: race-data
// at: race_first<work race_second<work
// may: signal_nested
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include "planted.h"
enum { THREADS = 3, ROUNDS = 300, WORDS = 512 };
static struct gate gate;
static __thread volatile long by_handler[WORDS], by_thread[WORDS];
static long handled, counted, stop, done;
static __attribute__((noinline, noclone)) long deep(int depth)
{
	by_handler[depth % WORDS]++;
	return depth ? deep(depth - 1) + 1 : 0;
}
static void on_signal(int number)
{
	deep(50);
	__atomic_fetch_add(&handled, 1, __ATOMIC_ACQ_REL);
}
static __attribute__((noinline, noclone)) long walk(int depth)
{
	by_thread[depth % WORDS]++;
	__atomic_fetch_add(&counted, 1, __ATOMIC_ACQ_REL);
	return depth ? walk(depth - 1) + 1 : 0;
}
static void *work(void *argument)
{
	long which = (long)argument, sum = 0;
	for (int i = 0; i < ROUNDS; i++)
		sum += walk(WORDS - 1);
	__atomic_fetch_add(&done, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		;
	if (which < 2) {
		gate_wait(&gate, which);
		which ? race_second() : race_first();
		gate_open(&gate, which + 1);
	}
	return (void *)sum;
}
int main(void)
{
	pthread_t threads[THREADS];
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	struct itimerval every = {{0, 500}, {0, 500}};
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	setitimer(ITIMER_REAL, &every, NULL);
	long sent = 0, sum = 0;
	while (__atomic_load_n(&done, __ATOMIC_ACQUIRE) < THREADS ||
		!__atomic_load_n(&handled, __ATOMIC_ACQUIRE)) {
		pthread_kill(threads[sent++ % THREADS], SIGUSR1);
		if (sent % 64 == 0)
			sched_yield();
	}
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	for (int i = 0; i < THREADS; i++) {
		void *result;
		pthread_join(threads[i], &result);
		sum += (long)result;
	}
	printf("%ld %ld %d\n", sum, counted, handled > 0);
	return 0;
}
