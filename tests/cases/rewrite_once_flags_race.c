// A word of flags that one thread looks at without the lock, and changes with it: what it changes is no object that is made once.
#include <pthread.h>
#include <stdlib.h>

#include "../gate.h"

enum { LINKED = 1, FETCHED = 2 };

struct item {
	int flags, value;
};
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;

__attribute__((noinline)) static int touch(struct item *item)
{
	if (!(__atomic_load_n(&item->flags, __ATOMIC_RELAXED) & LINKED))
		return 0;
	pthread_mutex_lock(&mutex);
	int flags = item->flags;
	if (!(flags & FETCHED)) {
		item->value++;
		item->flags = flags | FETCHED; // race: race-data flags
	}
	pthread_mutex_unlock(&mutex);
	return 1;
}

static void *first(void *item)
{
	touch(item);
	gate_open(&gate, 1);
	return NULL;
}

static void *second(void *argument)
{
	const struct item *item = argument;
	gate_wait(&gate, 1);
	return item->flags & FETCHED ? argument : NULL; // race: race-data flags
}

int main(void)
{
	pthread_t threads[2];
	struct item *item = calloc(1, sizeof(*item));
	item->flags = LINKED;
	pthread_create(&threads[0], NULL, first, item);
	pthread_create(&threads[1], NULL, second, item);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	free(item);
	return 0;
}
