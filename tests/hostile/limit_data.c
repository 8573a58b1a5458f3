// hostile: limits its data by setrlimit or prlimit, then maps, allocates and makes threads as far as that should go
// with: setrlimit prlimit
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
static void *nothing(void *argument)
{
	return argument;
}
static void use(void)
{
	pthread_t thread;
	printf("thread %d\n", pthread_create(&thread, NULL, nothing, NULL));
	pthread_join(thread, NULL);
	printf("malloc %d\n", malloc(100 << 20) != NULL);
	void *map = mmap(NULL, 100 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("mprotect %d\n", mprotect(map, 100 << 20, PROT_READ | PROT_WRITE));
	printf("too much %d\n", malloc(1u << 30) != NULL);
}
int main(int count, char **arguments)
{
	struct rlimit limit = {1u << 30, 1u << 30}, got = {0, 0};
	if (count > 1 && !strcmp(arguments[1], "prlimit"))
		printf("%d\n", prlimit(getpid(), RLIMIT_DATA, &limit, NULL));
	else
		printf("%d\n", setrlimit(RLIMIT_DATA, &limit));
	getrlimit(RLIMIT_DATA, &got);
	printf("%lu %lu\n", (unsigned long)got.rlim_cur, (unsigned long)got.rlim_max);
	use();
	limit.rlim_cur /= 2;
	printf("%d\n", prlimit(0, RLIMIT_DATA, &limit, &got));
	printf("%lu %lu\n", (unsigned long)got.rlim_cur, (unsigned long)got.rlim_max);
	return 0;
}
