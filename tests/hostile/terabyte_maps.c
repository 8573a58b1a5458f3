// hostile: reserves and drops a terabyte again and again, beside many mutexes in many pages and threads
// seconds: 20
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void *idle(void *argument)
{
	pause();
	return argument;
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, idle, NULL);
	for (int i = 0; i < 5000; i++) {
		pthread_mutex_t *mutex = calloc(1, 4000);
		pthread_mutex_init(mutex, NULL);
		pthread_mutex_lock(mutex);
	}
	for (int i = 0; i < 10; i++) {
		char *range = mmap(NULL, 1ull << 40, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (range == MAP_FAILED) {
			puts("refused");
			break;
		}
		strcpy(range + (1ull << 39), "middle");
		madvise(range, 1ull << 40, MADV_DONTNEED);
		munmap(range, 1ull << 40);
	}
	printf("bad munmap %d\n", munmap((void *)4096, (size_t)-8192));
	printf("bad munmap %d\n", munmap((void *)1, 4096));
	puts("done");
	return 0;
}
