// A bounded queue whose slots count how often they were filled and emptied: whether a slot is free is asked of the count before whether
// the position's turn has come, which decides whether to claim it.
// not at: -O0
#include "../idiom.h"

enum { SLOTS = 8, THREADS = 4 };
static struct queue {
	struct {
		_Alignas(64) long value[2];
		atomic_ulong count;
	} slots[SLOTS];
	_Alignas(64) atomic_ulong taken;
	_Alignas(64) atomic_ulong put;
} * queue;
static atomic_long sum;

static __attribute__((noinline)) bool try_put(struct queue *queue, long value)
{
	unsigned long put = LOAD(&queue->put, relaxed);
	for (;;) {
		unsigned long at = put % SLOTS, count = LOAD(&queue->slots[at].count, acquire);
		if (count % 2)
			return false;
		if (count / 2 == put / SLOTS) {
			if (COMPARE_EXCHANGE(&queue->put, &put, put + 1, relaxed, relaxed)) {
				if (!BROKEN)
					queue->slots[at].value[1] = value;
				STORE(&queue->slots[at].count, count + 1, release);
				if (BROKEN)
					queue->slots[at].value[1] = value;
				return true;
			}
		} else {
			put = LOAD(&queue->put, relaxed);
		}
	}
}

static __attribute__((noinline)) bool try_take(struct queue *queue, long *value)
{
	unsigned long taken = LOAD(&queue->taken, relaxed);
	for (;;) {
		unsigned long at = taken % SLOTS, count = LOAD(&queue->slots[at].count, acquire);
		if (count % 2 == 0)
			return false;
		if (count / 2 == taken / SLOTS) {
			if (COMPARE_EXCHANGE(&queue->taken, &taken, taken + 1, relaxed, relaxed)) {
				*value = queue->slots[at].value[1];
				STORE(&queue->slots[at].count, count + 1, release);
				return true;
			}
		} else {
			taken = LOAD(&queue->taken, relaxed);
		}
	}
}

static void *work(void *x)
{
	long own = 0, value;
	for (long i = 0; i < rounds; i++) {
		if ((long)x % 2) {
			while (!try_put(queue, i))
				sched_yield();
		} else {
			while (!try_take(queue, &value))
				sched_yield();
			own += value;
		}
	}
	ADD(&sum, own, relaxed);
	return x;
}

static int body(void)
{
	queue = aligned_alloc(64, sizeof(*queue));
	memset(queue, 0, sizeof(*queue));
	run_all(THREADS, work);
	TELL("%ld", sum);
	free(queue);
	return 0;
}
