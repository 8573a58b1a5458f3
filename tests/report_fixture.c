/* The program whose addresses the report's tests put into record files. It is never run: a label stands at each place that
 * a record names, so that no test knows a line number. */
#include <stdlib.h>
#include <string.h>

#define MARK(name) __asm__ volatile(".globl mark_" #name "\nmark_" #name ": nop")

struct queue {
	int head, tail;
	char name[16];
};

int queue_count;
static struct queue *queues[4];

static inline __attribute__((always_inline)) void queue_bump(struct queue *queue)
{
	MARK(bump);
	queue->tail++;
}

__attribute__((noinline)) void queue_push(struct queue *queue, const char *name)
{
	queue_bump(queue);
	MARK(push);
	memcpy(queue->name, name, 8);
}

__attribute__((noinline)) int queue_length(const struct queue *queue)
{
	MARK(length);
	return queue->tail - queue->head;
}

__attribute__((noinline)) void *worker_run(void *argument)
{
	MARK(worker);
	queue_push(argument, "worker");
	return NULL;
}

__attribute__((noinline)) struct queue *queue_create(void)
{
	MARK(create);
	queues[0] = malloc(sizeof(struct queue));
	return queues[0];
}

int main(void)
{
	struct queue *queue = queue_create();
	MARK(spawn);
	worker_run(queue);
	MARK(main);
	queue_count = queue_length(queue);
	MARK(free);
	free(queue);
	return 0;
}
