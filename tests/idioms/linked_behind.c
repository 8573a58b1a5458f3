// Vyukov's queue for many producers: who has put his node in the place of the last one links it in behind that one. The consumer looks
// once whether there is a next node; if not, he does something else.
#include "../idiom.h"

struct node {
	_Atomic(struct node *) next;
	long value;
};
static struct {
	_Atomic(struct node *) last;
	struct node *first; /* the consumer's */
} queue;

static void put(struct node *node)
{
	STORE(&node->next, NULL, relaxed);
	struct node *before = EXCHANGE(&queue.last, node, acq_rel);
	STORE(&before->next, node, release);
}

static bool take(long *value)
{
	struct node *first = queue.first, *next = LOAD(&first->next, acquire);
	if (!next)
		return false;
	*value = next->value;
	queue.first = next;
	free(first);
	return true;
}

static void *produce(void *x)
{
	for (long i = 0; i < rounds; i++) {
		struct node *node = calloc(1, sizeof(*node));
		if (!BROKEN)
			node->value = i;
		put(node);
		if (BROKEN)
			node->value = i;
	}
	return x;
}

static int body(void)
{
	enum { PRODUCERS = 2 };
	pthread_t threads[PRODUCERS];
	long sum = 0, value = 0, idle = 0;
	queue.first = calloc(1, sizeof(*queue.first));
	atomic_init(&queue.last, queue.first);
	for (long i = 0; i < PRODUCERS; i++)
		pthread_create(&threads[i], NULL, produce, (void *)i);
	for (long taken = 0; taken < PRODUCERS * rounds;)
		if (take(&value)) {
			sum += value;
			taken++;
		} else if (++idle % 8 == 0) {
			sched_yield();
		}
	for (long i = 0; i < PRODUCERS; i++)
		pthread_join(threads[i], NULL);
	free(queue.first);
	TELL("%ld", sum);
	return 0;
}
