// hostile: a program with a malloc and a memcpy of its own, under a lock
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct node {
	struct node *next;
	size_t bytes;
} * lists[64];
static char room[1 << 24] __attribute__((aligned(16)));
static size_t used;
static int class_of(size_t bytes)
{
	int class = 5;
	while ((1ul << class) < bytes + 16)
		class ++;
	return class;
}
void *malloc(size_t bytes)
{
	int class = class_of(bytes);
	pthread_mutex_lock(&mutex);
	struct node *node = lists[class];
	if (node)
		lists[class] = node->next;
	else {
		node = (void *)(room + used);
		used += 1ul << class;
	}
	pthread_mutex_unlock(&mutex);
	node->bytes = bytes;
	return (char *)node + 16;
}
void free(void *block)
{
	if (!block)
		return;
	struct node *node = (void *)((char *)block - 16);
	int class = class_of(node->bytes);
	pthread_mutex_lock(&mutex);
	node->next = lists[class];
	lists[class] = node;
	pthread_mutex_unlock(&mutex);
}
void *calloc(size_t count, size_t bytes)
{
	void *block = malloc(count * bytes);
	memset(block, 0, count * bytes);
	return block;
}
void *realloc(void *block, size_t bytes)
{
	void *fresh = malloc(bytes);
	if (block) {
		size_t old = ((struct node *)((char *)block - 16))->bytes;
		memcpy(fresh, block, old < bytes ? old : bytes);
		free(block);
	}
	return fresh;
}
void *memcpy(void *to, const void *from, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((volatile char *)to)[i] = ((const char *)from)[i];
	return to;
}
static void *work(void *argument)
{
	for (int i = 0; i < 500; i++) {
		char *block = strdup("some text");
		block = realloc(block, 100);
		strcat(block, "more");
		free(block);
	}
	return argument;
}
int main(void)
{
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
