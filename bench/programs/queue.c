/* A bounded queue of one producer and one consumer: a mutex, two condition variables, a buffer handed over with each item. */
#include "common.h"

enum { CAPACITY = 512, WORDS = 32 };

struct item {
	uint64_t number;
	uint32_t words[WORDS];
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	unsigned head, length;
	struct item *items[CAPACITY];
} queue = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, {NULL}};
static size_t count;

static void put(struct item *item)
{
	pthread_mutex_lock(&queue.lock);
	while (queue.length == CAPACITY)
		pthread_cond_wait(&queue.not_full, &queue.lock);
	queue.items[(queue.head + queue.length++) % CAPACITY] = item;
	if (queue.length == CAPACITY / 2)
		pthread_cond_signal(&queue.not_empty);
	pthread_mutex_unlock(&queue.lock);
}

/* NULL ends the stream. The producer wakes at half full, so that each change of threads moves many items. */
static void put_end(void)
{
	pthread_mutex_lock(&queue.lock);
	while (queue.length == CAPACITY)
		pthread_cond_wait(&queue.not_full, &queue.lock);
	queue.items[(queue.head + queue.length++) % CAPACITY] = NULL;
	pthread_cond_signal(&queue.not_empty);
	pthread_mutex_unlock(&queue.lock);
}

static struct item *get(void)
{
	struct item *item;

	pthread_mutex_lock(&queue.lock);
	while (queue.length == 0)
		pthread_cond_wait(&queue.not_empty, &queue.lock);
	item = queue.items[queue.head];
	queue.head = (queue.head + 1) % CAPACITY;
	if (--queue.length == CAPACITY / 2)
		pthread_cond_signal(&queue.not_full);
	pthread_mutex_unlock(&queue.lock);
	return item;
}

static void produce(void)
{
	for (size_t i = 0; i < count; i++) {
		struct item *item = bench_alloc(1, sizeof(*item));

		item->number = i;
		for (unsigned word = 0; word < WORDS; word++)
			item->words[word] = (uint32_t)(i * (word + 1));
		put(item);
	}
	put_end();
}

static uint64_t consume(void)
{
	uint64_t sum = 0;
	struct item *item;

	while ((item = get())) {
		for (unsigned word = 0; word < WORDS; word++)
			sum += item->words[word] ^ (item->number + word);
		free(item);
	}
	return sum;
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;

	if (worker->index == 0)
		produce();
	else
		worker->sum = consume();
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[2];

	count = bench_scaled(argc, argv, 1000000);
	bench_start(workers, 2, work);
	return bench_print("queue", bench_join(workers, 2));
}
