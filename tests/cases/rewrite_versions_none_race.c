// A variable that is loaded twice and compared, with other loads in between, is a version number only where all is loaded again at
// once. Here something is done first, the next object is looked at, or the object itself is stored to: what is loaded in between is
// plain.
#include <pthread.h>

#include "../gate.h"

enum { NODES = 2 };

struct node {
	struct node *next;
	long stamp, value;
};

struct queue {
	long added, limit, rounds, most;
};

static struct queue queue, *volatile one_queue = &queue;
static struct node nodes[NODES] = {{&nodes[1], 0, 0}}, *volatile first = nodes;
static struct gate gate;
static volatile long step = 1, other_step = 1, seen;

/* What it adds to may be what is loaded before and after. Compilers make the first round by itself: the second one counts. */
#define ADD_TO(place, number) __asm__ volatile("add %1, (%0)" ::"r"(place), "r"(number) : "memory")

static __attribute__((noinline)) void work(void)
{
	step = 0;
}

static __attribute__((noinline)) long drain(long *changed)
{
	long before, limit;
	goto look;
	do {
		work();
	look:
		before = queue.added;
		limit = queue.limit; // race: race-data limit
		ADD_TO(changed, step);
	} while (queue.added != before);
	return limit;
}

static __attribute__((noinline)) long find(const struct node *node, long *changed)
{
	for (;; node = node->next) {
		long stamp = node->stamp;
		long value = node->value; // race: race-data value
		ADD_TO(changed, 1l);
		if (node->stamp == stamp)
			return value;
	}
}

static __attribute__((noinline)) long count(struct queue *one, long *changed)
{
	long before, most, rounds = 0;
	do {
		one->rounds = rounds;
		__asm__ volatile("" ::: "memory"); /* the load stays in the loop */
		before = one->added;
		most = one->most; // race: race-data most
		ADD_TO(changed, other_step);
		other_step = 0;
		rounds++;
	} while (one->added != before);
	return most;
}

static void *write_all(void *argument)
{
	queue.limit = *(long *)argument;    // race: race-data limit
	queue.most = *(long *)argument;     // race: race-data most
	nodes[1].value = *(long *)argument; // race: race-data value
	gate_open(&gate, 1);
	return argument;
}

static void *read_all(void *argument)
{
	gate_wait(&gate, 1);
	seen = count(one_queue, &one_queue->added);
	seen += drain(&queue.added) + find(first, &first->stamp);
	return argument;
}

int main(void)
{
	pthread_t threads[2];
	long value = 1;
	pthread_create(&threads[0], NULL, write_all, &value);
	pthread_create(&threads[1], NULL, read_all, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return seen != 3;
}
