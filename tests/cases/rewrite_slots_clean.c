// A bounded queue for many producers and consumers: each slot says by a plain move whose turn it is, and who claims the
// position by a compare-and-exchange has the slot.
// compilers: gcc clang clang-19
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

enum { ROOM = 8, ROUNDS = 1000, PAIRS = 2 };

struct slot {
	atomic_ulong turn;
	long value[3];
};
static struct slot slots[ROOM];
static atomic_ulong head, tail;

/* The slot whose turn is `ahead` after its position, and the position; NULL: full, or empty. */
static struct slot *claim(atomic_ulong *position, unsigned long ahead, unsigned long *claimed)
{
	unsigned long at = atomic_load_explicit(position, memory_order_relaxed);
	for (;;) {
		struct slot *slot = &slots[at % ROOM];
		unsigned long turn = atomic_load_explicit(&slot->turn, memory_order_acquire);
		long distance = (long)turn - (long)(at + ahead);
		if (distance == 0) {
			if (atomic_compare_exchange_weak_explicit(
				    position, &at, at + 1, memory_order_relaxed, memory_order_relaxed)) {
				*claimed = at;
				return slot;
			}
		} else if (distance < 0) {
			return NULL;
		} else {
			at = atomic_load_explicit(position, memory_order_relaxed);
		}
	}
}

static bool push(long value)
{
	unsigned long at;
	struct slot *slot = claim(&tail, 0, &at);
	if (!slot)
		return false;
	for (int i = 0; i < 3; i++)
		slot->value[i] = value;
	atomic_store_explicit(&slot->turn, at + 1, memory_order_release);
	return true;
}

static bool pop(long *value)
{
	unsigned long at;
	struct slot *slot = claim(&head, 1, &at);
	if (!slot)
		return false;
	*value = slot->value[0] + slot->value[1] - slot->value[2];
	atomic_store_explicit(&slot->turn, at + ROOM, memory_order_release);
	return true;
}

static void *produce(void *argument)
{
	for (long i = 0; i < ROUNDS; i++)
		while (!push(i))
			sched_yield();
	return argument;
}

static void *consume(void *argument)
{
	long *sum = argument, value;
	for (long i = 0; i < ROUNDS; i++) {
		while (!pop(&value))
			sched_yield();
		*sum += value;
	}
	return argument;
}

int main(void)
{
	pthread_t threads[2 * PAIRS];
	long sums[PAIRS] = {0}, all = 0;
	for (unsigned i = 0; i < ROOM; i++)
		atomic_init(&slots[i].turn, i);
	for (int i = 0; i < PAIRS; i++) {
		pthread_create(&threads[2 * i], NULL, produce, NULL);
		pthread_create(&threads[2 * i + 1], NULL, consume, &sums[i]);
	}
	for (int i = 0; i < 2 * PAIRS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < PAIRS; i++)
		all += sums[i];
	printf("%ld\n", all);
	return 0;
}
