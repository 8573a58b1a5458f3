/* As libc++ has it, and by its name. */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

void _ZNSt3__111__call_onceERVmPvPFvS2_E(
	volatile unsigned long *flag, void *argument, void (*routine)(void *argument))
{
	pthread_mutex_lock(&mutex);
	while (*flag == 1)
		pthread_cond_wait(&changed, &mutex);
	if (!*flag) {
		*flag = 1;
		pthread_mutex_unlock(&mutex);
		routine(argument);
		pthread_mutex_lock(&mutex);
		__atomic_store_n(flag, ~0ul, __ATOMIC_RELEASE);
		pthread_mutex_unlock(&mutex);
		pthread_cond_broadcast(&changed);
		return;
	}
	pthread_mutex_unlock(&mutex);
}
