// A bounded queue whose slots say whose turn it is: who finds that it is his claims the position, and who does not looks again only if
// somebody else claimed it meanwhile. The first try is peeled off the others, as clang 19 does by itself.
// not at: -O0 -Os
#include "../idiom.h"

enum { SLOTS = 8, THREADS = 4 };
static struct queue {
	unsigned long capacity; /* nobody knows it before the program runs */
	_Alignas(64) atomic_ulong head;
	_Alignas(64) atomic_ulong tail;
	struct slot {
		_Alignas(64) atomic_ulong turn;
		long value;
	} * slots;
} * queue;
static atomic_long sum;

/* Small numbers are divided faster. */
static inline unsigned long lap_of(unsigned long at)
{
	unsigned long capacity = queue->capacity;
	return (at | capacity) >> 32 ? at / capacity : (uint32_t)at / (uint32_t)capacity;
}

static inline struct slot *slot_of(unsigned long at)
{
	return &queue->slots[at - lap_of(at) * queue->capacity];
}

static inline bool is_turn(unsigned long at, unsigned odd)
{
	return lap_of(at) * 2 + odd == LOAD(&slot_of(at)->turn, acquire);
}

/* The position that is the caller's now; false: there is nothing to do at any. */
static inline bool claims(atomic_ulong *position, unsigned long *at, unsigned odd)
{
	*at = LOAD(position, acquire);
	for (;;) {
		if (is_turn(*at, odd)) {
			if (COMPARE_EXCHANGE(position, at, *at + 1, seq_cst, seq_cst))
				return true;
			while (is_turn(*at, odd))
				if (COMPARE_EXCHANGE(position, at, *at + 1, seq_cst, seq_cst))
					return true;
		}
		unsigned long before = *at;
		*at = LOAD(position, acquire);
		if (*at == before)
			return false;
	}
}

static inline bool try_put(long value)
{
	unsigned long at;
	if (!claims(&queue->head, &at, 0))
		return false;
	if (!BROKEN)
		slot_of(at)->value = value;
	STORE(&slot_of(at)->turn, lap_of(at) * 2 + 1, release);
	if (BROKEN)
		slot_of(at)->value = value;
	return true;
}

static inline bool try_take(long *value)
{
	unsigned long at;
	if (!claims(&queue->tail, &at, 1))
		return false;
	*value = slot_of(at)->value;
	STORE(&slot_of(at)->turn, lap_of(at) * 2 + 2, release);
	return true;
}

static void *work(void *x)
{
	long own = 0, value;
	for (long i = 0; i < rounds; i++) {
		if ((long)x % 2) {
			while (!try_put(i))
				sched_yield();
		} else {
			while (!try_take(&value))
				sched_yield();
			own += value;
		}
	}
	ADD(&sum, own, relaxed);
	return x;
}

static int body(void)
{
	struct slot *slots = aligned_alloc(64, SLOTS * sizeof(*slots));
	memset(slots, 0, SLOTS * sizeof(*slots));
	queue = aligned_alloc(64, sizeof(*queue));
	*queue = (struct queue){.capacity = SLOTS, .slots = slots};
	run_all(THREADS, work);
	TELL("%ld", sum);
	free(slots);
	free(queue);
	return 0;
}
