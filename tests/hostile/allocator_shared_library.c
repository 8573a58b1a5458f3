/* An allocator: lists of free blocks by size, each under a lock, with statistics that nobody guards. */
#include <pthread.h>
#include <stddef.h>
#include <string.h>

enum { SMALLEST = 5, CLASSES = 20, ROOM = 1 << 24, HEADER = 16 };

struct node {
	size_t unused, class;
	struct node *next; /* where the block was */
};

static char room[ROOM] __attribute__((aligned(HEADER)));
static size_t used;
static unsigned long freed;
static struct {
	pthread_mutex_t mutex;
	struct node *free;
} lists[CLASSES];
static pthread_mutex_t growth = PTHREAD_MUTEX_INITIALIZER;

static size_t class_of(size_t bytes)
{
	size_t class = SMALLEST;
	while (((size_t)1 << class) < bytes + HEADER)
		class ++;
	return class;
}

static struct node *grow(size_t class)
{
	struct node *node = NULL;
	pthread_mutex_lock(&growth);
	if (used + ((size_t)1 << class) <= ROOM) {
		node = (struct node *)(room + used);
		used += (size_t)1 << class;
	}
	pthread_mutex_unlock(&growth);
	return node;
}

void *malloc(size_t bytes)
{
	size_t class = class_of(bytes);
	if (class >= CLASSES)
		return NULL;
	pthread_mutex_lock(&lists[class].mutex);
	struct node *node = lists[class].free;
	if (node)
		lists[class].free = node->next;
	pthread_mutex_unlock(&lists[class].mutex);
	node = node ? node : grow(class);
	if (!node)
		return NULL;
	node->class = class;
	return (char *)node + HEADER;
}

void free(void *block)
{
	if (!block)
		return;
	struct node *node = (struct node *)((char *)block - HEADER);
	pthread_mutex_lock(&lists[node->class].mutex);
	node->next = lists[node->class].free;
	lists[node->class].free = node;
	freed++;
	pthread_mutex_unlock(&lists[node->class].mutex);
}

void *calloc(size_t count, size_t bytes)
{
	void *block = malloc(count * bytes);
	return block ? memset(block, 0, count * bytes) : NULL;
}

void *realloc(void *block, size_t bytes)
{
	void *fresh = malloc(bytes);
	if (block && fresh) {
		size_t old = ((size_t)1 << ((struct node *)((char *)block - HEADER))->class) - HEADER;
		memcpy(fresh, block, old < bytes ? old : bytes);
		free(block);
	}
	return fresh;
}

/* Not by way of malloc or free: overwrites what is free. */
void allocator_trim(void)
{
	for (int class = 0; class < CLASSES; class ++) {
		pthread_mutex_lock(&lists[class].mutex);
		for (struct node *node = lists[class].free; node; node = node->next)
			if (class > SMALLEST)
				memset(node + 1, 0x5a, ((size_t)1 << class) - sizeof(*node));
		pthread_mutex_unlock(&lists[class].mutex);
	}
}
