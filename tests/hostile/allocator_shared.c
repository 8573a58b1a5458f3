// hostile: memory comes from a shared library that keeps its lists in what was freed, under a lock of its own
// library: -DNDEBUG
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, SLOTS = 16, ROUNDS = 3000 };

void allocator_trim(void);

static _Atomic(long *) slots[SLOTS];

static void *work(void *argument)
{
	unsigned seed = (unsigned)(size_t)argument + 1;
	for (int i = 0; i < ROUNDS; i++) {
		seed = seed * 1103515245 + 12345;
		long *block = malloc(sizeof(long) << (seed >> 16) % 4);
		*block = i;
		block = atomic_exchange(&slots[(seed >> 20) % SLOTS], block);
		if (block)
			*block += 1;
		free(block);
		if (i % 64 == 0)
			allocator_trim();
	}
	return argument;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
