// hostile: an allocator of the program's that no thread may call before its first function has begun
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 8, BYTES = 1 << 20 };

static char room[1 << 24] __attribute__((aligned(16)));
static size_t used;
static pthread_t first;
static __thread bool has_begun;

static void check(void)
{
	static const char text[] = "called by a thread that has not begun\n";
	if (first && !has_begun && !pthread_equal(first, pthread_self()) &&
		write(1, text, sizeof(text) - 1) > 0)
		_exit(3);
}

void *malloc(size_t bytes)
{
	check();
	size_t *block = (size_t *)(void *)(room + __atomic_fetch_add(&used, (bytes + 31) & ~(size_t)15,
							  __ATOMIC_RELAXED));
	*block = bytes;
	return block + 2;
}

void free(void *block)
{
	(void)block;
	check();
}

void *calloc(size_t count, size_t bytes)
{
	return memset(malloc(count * bytes), 0, count * bytes);
}

void *realloc(void *block, size_t bytes)
{
	void *fresh = malloc(bytes);
	size_t old = block ? ((size_t *)block)[-2] : 0;
	return block ? memcpy(fresh, block, old < bytes ? old : bytes) : fresh;
}

/* Deep enough that a stack whose place is not known would show. */
static unsigned long add(const unsigned char *bytes, unsigned depth)
{
	unsigned char copy[512];
	memcpy(copy, bytes, sizeof(copy));
	copy[depth % sizeof(copy)]++;
	return depth ? copy[0] + add(copy, depth - 1) : copy[1];
}

static void *work(void *argument)
{
	unsigned char bytes[512] = {0};
	has_begun = true;
	void *block = malloc(100);
	memset(block, 1, 100);
	free(block);
	*(unsigned long *)argument = add(bytes, 200);
	return NULL;
}

int main(void)
{
	static char own[BYTES] __attribute__((aligned(4096)));
	unsigned long sums[THREADS];
	pthread_t threads[THREADS];
	pthread_attr_t attributes;
	first = pthread_self();
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_attr_init(&attributes);
		if (i == 0) /* the first one of all */
			pthread_attr_setstack(&attributes, own + 48, BYTES - 64);
		else if (i % 3 == 1)
			pthread_attr_setstacksize(&attributes, (i + 1) << 18);
		else if (i % 3 == 2)
			pthread_attr_setguardsize(&attributes, 1 << 16);
		if (pthread_create(&threads[i], &attributes, work, &sums[i]))
			return 1;
		pthread_attr_destroy(&attributes);
		if (i % 2)
			pthread_join(threads[i], NULL), pthread_join(threads[i - 1], NULL);
	}
	for (unsigned i = 0; i < THREADS; i++)
		printf("%lu\n", sums[i]);
	return 0;
}
