/*
 * Blocks of 64 KiB go through three stages, a thread each: made, copied with a new header, copied out and summed sparsely.
 * Nearly all the work is memcpy. The blocks are reused: the last stage hands them back to the first.
 */
#include <string.h>
#include "common.h"

enum { BLOCK_BYTES = 64 << 10, BLOCKS = 16, STAGES = 3 };

struct block {
	struct block *next;
	uint64_t number;
	unsigned char bytes[BLOCK_BYTES];
};

/* Last in, first out: the numbers that blocks carry make the order irrelevant. */
struct channel {
	pthread_mutex_t lock;
	pthread_cond_t not_empty;
	struct block *first;
};

static struct channel channels[STAGES]; /* 0: empty blocks; n: filled by stage n - 1 */
static unsigned char source[BLOCK_BYTES];
static size_t count;

static void put(struct channel *channel, struct block *block)
{
	pthread_mutex_lock(&channel->lock);
	block->next = channel->first;
	channel->first = block;
	pthread_cond_signal(&channel->not_empty);
	pthread_mutex_unlock(&channel->lock);
}

static struct block *get(struct channel *channel)
{
	struct block *block;

	pthread_mutex_lock(&channel->lock);
	while (!channel->first)
		pthread_cond_wait(&channel->not_empty, &channel->lock);
	block = channel->first;
	channel->first = block->next;
	pthread_mutex_unlock(&channel->lock);
	return block;
}

static void make_block(struct block *block, uint64_t number)
{
	block->number = number;
	memcpy(block->bytes, source, BLOCK_BYTES);
	memcpy(block->bytes, &number, sizeof(number));
}

static void change_block(struct block *block, unsigned char *scratch)
{
	memcpy(scratch, block->bytes, BLOCK_BYTES);
	memcpy(block->bytes, scratch + BLOCK_BYTES / 2, BLOCK_BYTES / 2);
	memcpy(block->bytes + BLOCK_BYTES / 2, scratch, BLOCK_BYTES / 2);
}

static uint64_t sum_block(const struct block *block, unsigned char *scratch)
{
	uint64_t sum = block->number;

	memcpy(scratch, block->bytes, BLOCK_BYTES);
	for (unsigned i = 0; i < BLOCK_BYTES; i += 4096)
		sum += bench_mix(block->number + scratch[i] + i);
	return sum;
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	unsigned char *scratch = bench_alloc(1, BLOCK_BYTES);

	for (size_t i = 0; i < count; i++) {
		struct block *block = get(&channels[worker->index]);

		if (worker->index == 0)
			make_block(block, i);
		else if (worker->index == 1)
			change_block(block, scratch);
		else
			worker->sum += sum_block(block, scratch);
		put(&channels[(worker->index + 1) % STAGES], block);
	}
	free(scratch);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct block blocks[BLOCKS];
	struct bench_worker workers[STAGES];

	count = bench_scaled(argc, argv, 30000);
	for (unsigned i = 0; i < BLOCK_BYTES; i++)
		source[i] = (unsigned char)bench_mix(i);
	for (unsigned i = 0; i < STAGES; i++) {
		pthread_mutex_init(&channels[i].lock, NULL);
		pthread_cond_init(&channels[i].not_empty, NULL);
	}
	for (unsigned i = 0; i < BLOCKS; i++)
		put(&channels[0], &blocks[i]);
	bench_start(workers, STAGES, work);
	return bench_print("pipeline", bench_join(workers, STAGES));
}
