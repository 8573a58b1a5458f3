// hostile: loads a library that the loader maps where a large block was that another thread has freed
// companion: -fPIC
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
enum { BLOCK_BYTES = 4 << 20, DATA_BYTES = 1 << 20 };
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
	char *block = malloc(BLOCK_BYTES);
	memset(block, 1, BLOCK_BYTES);
	pthread_create(&thread, NULL, free_it, block);
	pthread_join(thread, NULL);
	void *library = dlopen("../libcompanion.so", RTLD_NOW);
	char *data = library ? dlsym(library, "library_data") : NULL;
	if (!data) {
		puts(dlerror());
		return 1;
	}
	printf("in its place: %d\n", data > block && data < block + BLOCK_BYTES);
	memset(data, 2, DATA_BYTES);
	data[1000] = 1;
	memmove(data + 1, data, DATA_BYTES - 1);
	printf("%d %d\n", data[1001], data[DATA_BYTES - 1]);
	return 0;
}
