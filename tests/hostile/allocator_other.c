// hostile: what another thread freed comes back by a function that only the program's allocator has
// library: -DNDEBUG -Wl,-Bsymbolic
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *mallocx(size_t bytes, int flags);

static int never[2];

static void *wait_for_end(void *argument)
{
	char one;
	while (read(never[0], &one, 1) < 0)
		;
	return argument;
}

static void *free_it(void *block)
{
	free(block);
	return NULL;
}

int main(void)
{
	pthread_t idle, thread;
	if (pipe(never) || pthread_create(&idle, NULL, wait_for_end, NULL))
		return 1;
	for (size_t bytes = 3000; bytes < 200000; bytes *= 5) {
		char *block = malloc(bytes);
		memset(block, 1, bytes);
		pthread_create(&thread, NULL, free_it, block);
		pthread_join(thread, NULL);
		char *again = mallocx(bytes, 0);
		printf("the same: %d\n", again == block);
		memset(again, 2, bytes);
		free(again);
	}
	return 0;
}
