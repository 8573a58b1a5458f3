// hostile: MAP_FIXED over what is used, mremap that grows, shrinks and moves, PROT_NONE, stacks and blocks reused by threads
#include <pthread.h>
#include <signal.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
enum { BYTES = 1 << 20 };
static pthread_barrier_t barrier;
static char *range;
static void *work(void *argument)
{
	for (int i = 0; i < 100; i++) {
		memset(range + (i & 1) * 4096, i, 4096);
		pthread_barrier_wait(&barrier);
		pthread_barrier_wait(&barrier);
	}
	return argument;
}
static sigjmp_buf back;
static void on_segv(int number)
{
	siglongjmp(back, 1);
}
int main(void)
{
	pthread_t thread;
	pthread_barrier_init(&barrier, NULL, 2);
	range = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_create(&thread, NULL, work, NULL);
	for (int i = 0; i < 100; i++) {
		pthread_barrier_wait(&barrier);
		memset(range, 1, 8192);
		switch (i % 5) {
		case 0:
			range = mmap(range, BYTES, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
			break;
		case 1:
			range = mremap(range, BYTES, 2 * BYTES, MREMAP_MAYMOVE);
			memset(range + BYTES, 1, BYTES);
			break;
		case 2:
			range = mremap(range, 2 * BYTES, BYTES, 0);
			break;
		case 3:
			mprotect(range + 8192, 4096, PROT_NONE);
			mprotect(range + 8192, 4096, PROT_READ | PROT_WRITE);
			madvise(range, BYTES, MADV_DONTNEED);
			break;
		case 4: {
			char *other =
				mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			range = mremap(range, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, other);
			break;
		}
		}
		pthread_barrier_wait(&barrier);
	}
	pthread_join(thread, NULL);
	mprotect(range, 4096, PROT_NONE);
	signal(SIGSEGV, on_segv);
	for (volatile int i = 0; i < 3; i++)
		if (!sigsetjmp(back, 1))
			strcpy(range, "text");
		else
			puts("SIGSEGV");
	return 0;
}
