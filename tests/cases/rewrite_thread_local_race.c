// A thread's own variable, which another thread was handed the address of.
#include "pair.h"

static _Thread_local long own;
static long *handed;
static struct gate given;

static void first(void)
{
	own = random(); // race: race-data own
}

static void *second(void *unused)
{
	(void)unused;
	gate_wait(&given, 1);
	*handed = random(); // race: race-data own
	gate_open(&given, 2);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	handed = &own;
	MUST(pthread_create(&thread, NULL, second, NULL) == 0);
	first();
	gate_open(&given, 1);
	gate_wait(&given, 2);
	pthread_join(thread, NULL);
	return 0;
}
