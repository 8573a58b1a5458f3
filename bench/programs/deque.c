/*
 * Work stealing: Chase and Lev's deque with the C11 orders and fences of Le, Pop, Cohen and Zappa Nardelli (PPoPP 2013), of a
 * fixed size. A task is a number: it splits into two, or is a leaf with a little work on its thread's own memory. Tasks are
 * numbers and not pointers, so that nothing but atomics is ordered by the fences, which ThreadSanitizer does not model.
 */
#include <stdatomic.h>
#include "common.h"

enum { CAPACITY = 1 << 12, DEPTH = 15, SCRATCH = 256 };
static const uint64_t NONE = 0; /* tasks are above 0 */

struct deque {
	_Alignas(64) atomic_long top;
	_Alignas(64) atomic_long bottom;
	_Atomic uint64_t tasks[CAPACITY];
};

static struct deque deques[BENCH_THREADS];
static atomic_long pending;
static size_t rounds;

/* Owner thread. */
static void push(struct deque *deque, uint64_t task)
{
	long bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);
	long top = atomic_load_explicit(&deque->top, memory_order_acquire);

	bench_check(bottom - top >= CAPACITY, "deque");
	atomic_store_explicit(&deque->tasks[bottom % CAPACITY], task, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_relaxed);
}

static int take_top(struct deque *deque, long top)
{
	return atomic_compare_exchange_strong_explicit(
		&deque->top, &top, top + 1, memory_order_seq_cst, memory_order_relaxed);
}

/* Owner thread. */
static uint64_t pop(struct deque *deque)
{
	long bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed) - 1;
	long top;
	uint64_t task = NONE;

	atomic_store_explicit(&deque->bottom, bottom, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	top = atomic_load_explicit(&deque->top, memory_order_relaxed);
	if (top <= bottom)
		task = atomic_load_explicit(&deque->tasks[bottom % CAPACITY], memory_order_relaxed);
	if (top < bottom)
		return task;
	if (top == bottom && !take_top(deque, top))
		task = NONE;
	atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_relaxed);
	return task;
}

/* Any thread. */
static uint64_t steal(struct deque *deque)
{
	long top = atomic_load_explicit(&deque->top, memory_order_acquire);
	long bottom;
	uint64_t task;

	atomic_thread_fence(memory_order_seq_cst);
	bottom = atomic_load_explicit(&deque->bottom, memory_order_acquire);
	if (top >= bottom)
		return NONE;
	task = atomic_load_explicit(&deque->tasks[top % CAPACITY], memory_order_relaxed);
	return take_top(deque, top) ? task : NONE;
}

static uint64_t run_leaf(uint64_t task, uint64_t *scratch)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < SCRATCH; i++)
		scratch[i] = task * (i | 1);
	for (unsigned i = 0; i < SCRATCH; i++)
		sum += scratch[i] ^ scratch[(i * 7 + 1) % SCRATCH];
	return sum;
}

/* A task is its node's number in a binary tree, the root 1; the round is in the upper half. */
static uint64_t run_task(struct deque *own, uint64_t task, uint64_t *scratch)
{
	uint64_t node = (uint32_t)task, round = task - node;

	if (node >> DEPTH) {
		atomic_fetch_sub_explicit(&pending, 1, memory_order_relaxed);
		return run_leaf(task, scratch);
	}
	atomic_fetch_add_explicit(&pending, 1, memory_order_relaxed);
	push(own, round + 2 * node);
	push(own, round + 2 * node + 1);
	return 0;
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	struct deque *own = &deques[worker->index];
	uint64_t scratch[SCRATCH] = {0};
	unsigned victim = worker->index;

	while (atomic_load_explicit(&pending, memory_order_relaxed) > 0) {
		uint64_t task = pop(own);

		if (task == NONE) {
			victim = (victim + 1) % BENCH_THREADS;
			task = steal(&deques[victim]);
		}
		if (task != NONE)
			worker->sum += run_task(own, task, scratch);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BENCH_THREADS];

	rounds = bench_scaled(argc, argv, 50);
	for (uint64_t round = 0; round < rounds; round++)
		push(&deques[0], (round << 32) + 1);
	atomic_store_explicit(&pending, (long)rounds, memory_order_relaxed);
	bench_start(workers, BENCH_THREADS, work);
	return bench_print("deque", bench_join(workers, BENCH_THREADS));
}
