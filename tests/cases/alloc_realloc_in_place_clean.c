// cflags: -fno-builtin
// A block that two threads reallocate and use by turns, under a lock.
#include <stdlib.h>
#include "pair.h"

enum { ROUNDS = 100, BYTES = 40 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *block;

static void *work(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		racetrack_read(block, BYTES);
		block = realloc(block, BYTES + i % 2);
		racetrack_write(block + i % BYTES, 1);
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

int main(void)
{
	pthread_t threads[2];
	block = malloc(BYTES);
	racetrack_write(block, BYTES);
	for (int i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	free(block);
	return 0;
}
