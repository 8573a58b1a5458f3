// A thread's own variables are new ones where another thread gets its stack; and others may use them in order.
#include "pair.h"

enum { THREADS = 20 };
static _Thread_local long own, others[4];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long *handed;
static struct gate done;
static int started;

static void *use(void *argument)
{
	own += (long)argument;
	others[own & 3] = own;
	gate_open(&done, (int)(long)argument);
	return NULL;
}

static void *use_other(void *unused)
{
	pthread_mutex_lock(&mutex);
	*handed += 1;
	pthread_mutex_unlock(&mutex);
	return unused;
}

int main(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	handed = &others[1];
	MUST(pthread_create(&thread, NULL, use_other, NULL) == 0);
	pthread_mutex_lock(&mutex);
	others[1]++;
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, NULL);
	own = others[1];
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	while (started < THREADS) {
		started++;
		MUST(pthread_create(&thread, &attributes, use, (void *)(long)started) == 0);
		gate_wait(&done, started);
	}
	pthread_attr_destroy(&attributes);
	return own != 2;
}
