// Double-checked locking with a plain variable: debug information says that it is one.
#include <pthread.h>
#include <stdlib.h>

#include "../gate.h"

static long *made;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;

__attribute__((noinline)) static long *get(void)
{
	long *value = __atomic_load_n(&made, __ATOMIC_RELAXED); // race: race-data pointer
	if (value)
		return value;
	pthread_mutex_lock(&mutex);
	value = made;
	if (!value) {
		value = malloc(sizeof(*value));
		*value = 7;                                       // race: race-data value
		__atomic_store_n(&made, value, __ATOMIC_RELAXED); // race: race-data pointer
	}
	pthread_mutex_unlock(&mutex);
	return value;
}

static void *first(void *argument)
{
	get();
	gate_open(&gate, 1);
	return argument;
}

static void *second(void *argument)
{
	gate_wait(&gate, 1);
	*(long *)argument = *get(); // race: race-data value
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	long got = 0;
	pthread_create(&threads[0], NULL, first, NULL);
	pthread_create(&threads[1], NULL, second, &got);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return got != 7;
}
