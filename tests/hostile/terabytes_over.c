// hostile: reserves terabytes whose addresses are those of the stack and the heap but for the upper bits, and drops them
// seconds: 20
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WINDOWS = 8, WINDOW_LOG = 44, PAGES = 16, PAGE = 4096 };

static void *idle(void *argument)
{
	pause();
	return argument;
}

/* In another 16 TiB of the address space, around the same place. False: the system has something there. */
static int cover(const void *place, unsigned window)
{
	const uintptr_t inside = ((uintptr_t)1 << WINDOW_LOG) - 1;
	size_t bytes = (size_t)1 << 40;
	uintptr_t low = ((uintptr_t)place & inside & ~(bytes - 1)) + ((uintptr_t)window << WINDOW_LOG);
	if (low < PAGE)
		return 0;
	void *range = mmap((void *)low, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	if (range == MAP_FAILED)
		return 0;
	strcpy((char *)range + bytes / 2, "middle");
	munmap(range, bytes);
	return 1;
}

int main(void)
{
	pthread_t thread;
	char stack[PAGES * PAGE], *heap = aligned_alloc(PAGE, PAGES * PAGE);
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	volatile size_t some = 24;
	int covered = 0;
	pthread_create(&thread, NULL, idle, NULL);
	for (unsigned window = 0; window < WINDOWS; window++) {
		memset(stack, 1, sizeof(stack)); /* each page as a whole, then a part of it */
		memset(heap, 1, PAGES * PAGE);
		covered += cover(stack, window);
		covered += cover(heap, window);
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex); /* what comes now is another epoch's */
		memset(stack, 2, sizeof(stack) - some);
		for (int i = 0; i < PAGES; i++)
			memset(heap + i * PAGE, 2, some);
	}
	printf("%s, %d %d\n", covered ? "covered" : "nothing there", stack[0] + stack[PAGE - 1],
		heap[0] + heap[PAGE - 1]);
	return 0;
}
