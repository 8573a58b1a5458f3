// Who looks without the lock, takes it and stores, without a second look, makes nothing that others may look at: so is what a thread
// has for itself filled, with a lock for what is needed to do so. And who looks behind it at something else, the head of a list that
// the node is put into, has not looked at the node again.
#include <pthread.h>
#include <stdlib.h>

#include "../gate.h"

struct node {
	struct node *next, *before;
};

struct holder {
	struct node node;
	long *made;
};

static struct node *heads[4];
static volatile long list = 1;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;

__attribute__((noinline)) static long *get(struct holder *holder)
{
	if (!holder->made) { // race: race-data pointer
		pthread_mutex_lock(&mutex);
		long *fresh = malloc(sizeof(*fresh));
		*fresh = 7;           // race: race-data value
		holder->made = fresh; // race: race-data pointer
		pthread_mutex_unlock(&mutex);
	}
	return holder->made;
}

__attribute__((noinline)) static void link_in(struct node *one, long to)
{
	pthread_mutex_lock(&mutex);
	struct node *head = heads[to];
	one->next = head; // race: race-data next
	if (head)
		head->before = one;
	heads[to] = one;
	pthread_mutex_unlock(&mutex);
}

__attribute__((noinline)) static struct node *next_of(struct node *one)
{
	return *(struct node *volatile *)&one->next; // race: race-data next
}

static void *first(void *argument)
{
	struct holder *holder = argument;
	get(holder);
	if (!next_of(&holder->node))
		link_in(&holder->node, list);
	gate_open(&gate, 1);
	return NULL;
}

static void *second(void *argument)
{
	gate_wait(&gate, 1);
	struct holder *holder = argument;
	return next_of(&holder->node) ? NULL : (void *)*get(holder); // race: race-data value
}

int main(void)
{
	pthread_t threads[2];
	struct holder *holder = calloc(1, sizeof(*holder));
	void *got;
	pthread_create(&threads[0], NULL, first, holder);
	pthread_create(&threads[1], NULL, second, holder);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], &got);
	free(holder->made);
	free(holder);
	return (long)got != 7;
}
