// A work-stealing deque (Chase and Lev): thieves look at its other end once, and claim by one compare-and-exchange.
// compilers: gcc clang clang-19
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* No slot is used twice: who fails to claim one may look at it while it is filled again. */
enum { ITEMS = 2000, THIEVES = 2 };

struct item {
	long value;
};

struct deque {
	struct item **slots;
	_Atomic long top, bottom;
	_Atomic long taken;
};

static void push(struct deque *deque, struct item *item)
{
	long bottom = atomic_load_explicit(&deque->bottom, memory_order_relaxed);
	deque->slots[bottom] = item;
	atomic_store_explicit(&deque->bottom, bottom + 1, memory_order_release);
}

static __attribute__((noinline)) struct item *steal(struct deque *deque)
{
	long top = atomic_load_explicit(&deque->top, memory_order_acquire);
	atomic_thread_fence(memory_order_seq_cst);
	long bottom = atomic_load_explicit(&deque->bottom, memory_order_acquire);
	if (bottom - top <= 0)
		return NULL;
	struct item *item = *(struct item *volatile *)&deque->slots[top];
	return atomic_compare_exchange_strong(&deque->top, &top, top + 1) ? item : NULL;
}

static void *rob(void *argument)
{
	struct deque *deque = argument;
	long sum = 0;
	while (atomic_load(&deque->taken) < ITEMS) {
		struct item *item = steal(deque);
		if (!item)
			continue;
		sum += item->value;
		free(item);
		atomic_fetch_add(&deque->taken, 1);
	}
	return (void *)sum;
}

int main(void)
{
	pthread_t thieves[THIEVES];
	struct deque *deque = calloc(1, sizeof(*deque));
	long sum = 0;
	deque->slots = calloc(ITEMS, sizeof(*deque->slots));
	for (int i = 0; i < THIEVES; i++)
		pthread_create(&thieves[i], NULL, rob, deque);
	for (long i = 0; i < ITEMS; i++) {
		struct item *item = malloc(sizeof(*item));
		item->value = i;
		push(deque, item);
	}
	for (int i = 0; i < THIEVES; i++) {
		void *stolen;
		pthread_join(thieves[i], &stolen);
		sum += (long)stolen;
	}
	printf("%ld\n", sum);
	free(deque->slots);
	free(deque);
	return 0;
}
