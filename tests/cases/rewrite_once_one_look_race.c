// Who looks without the lock, takes it and stores, without a second look, makes nothing that others may look at: so is what a thread
// has for itself filled, with a lock for what is needed to do so.
#include <pthread.h>
#include <stdlib.h>

#include "../gate.h"

struct holder {
	long *made;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;

__attribute__((noinline)) static long *get(struct holder *holder)
{
	if (!holder->made) { // race: race-data pointer
		pthread_mutex_lock(&mutex);
		long *fresh = malloc(sizeof(*fresh));
		*fresh = 7;           // race: race-data value
		holder->made = fresh; // race: race-data pointer
		pthread_mutex_unlock(&mutex);
	}
	return holder->made;
}

static void *first(void *argument)
{
	get(argument);
	gate_open(&gate, 1);
	return NULL;
}

static void *second(void *argument)
{
	gate_wait(&gate, 1);
	return (void *)*get(argument); // race: race-data value
}

int main(void)
{
	pthread_t threads[2];
	struct holder *holder = calloc(1, sizeof(*holder));
	void *got;
	pthread_create(&threads[0], NULL, first, holder);
	pthread_create(&threads[1], NULL, second, holder);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], &got);
	free(holder->made);
	free(holder);
	return (long)got != 7;
}
