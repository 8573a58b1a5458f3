// What a program brings in the place of a detector's library is no code of its own: the barrier of ThreadSanitizer's tests, which no
// detector is to see, orders nothing.
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

void __tsan_testonly_barrier_wait(unsigned *barrier);

__attribute__((noinline)) void __tsan_testonly_barrier_wait(unsigned *barrier)
{
	__sync_fetch_and_add(barrier, 1);
	while (__sync_fetch_and_add(barrier, 0) < 2)
		sched_yield();
}

static unsigned barrier;
static volatile long value;

static void *second(void *unused)
{
	__tsan_testonly_barrier_wait(&barrier);
	value = random(); // race: race-data value
	return unused;
}

int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, second, NULL);
	value = random(); // race: race-data value
	__tsan_testonly_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	return 0;
}
