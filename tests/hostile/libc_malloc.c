// hostile: blocks of the C library's own malloc, got past every interposition, beside common ones
// open: blocks of __libc_malloc are not seen
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
void *__libc_malloc(size_t);
void __libc_free(void *);
static void *common(void *argument)
{
	for (int i = 0; i < 50; i++) {
		char *block = malloc(2000);
		memset(block, 1, 2000);
		free(block);
	}
	return argument;
}
static void *special(void *argument)
{
	for (int i = 0; i < 50; i++) {
		char *block = __libc_malloc(2000);
		memset(block, 2, 2000);
		__libc_free(block);
	}
	return argument;
}
int main(void)
{
	mallopt(M_ARENA_MAX, 1);
	pthread_t threads[10];
	void *(*next)(size_t) = dlsym(RTLD_NEXT, "malloc");
	free(next(10));
	for (int i = 0; i < 10; i++)
		pthread_create(&threads[i], NULL, i & 1 ? special : common, NULL);
	for (int i = 0; i < 10; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
