// A bounded queue of tickets, whose slots say whose turn it is: which slot, and which turn, comes of one division. Who waits for his turn
// counts how often he looked. The first look, before the loop, has the address in another form.
// cflags: -O1
#include "../idiom.h"

enum { THREADS = 4 };
struct slot {
	_Alignas(64) atomic_uint turn;
	long value;
};
static struct {
	unsigned long capacity; /* nobody knows it before the program runs */
	struct slot *slots;
	_Alignas(64) atomic_ulong head;
	_Alignas(64) atomic_ulong tail;
} queue;
static atomic_long sum;

static inline void wait_for(struct slot *slot, unsigned turn)
{
	for (int looks = 0; LOAD(&slot->turn, acquire) != turn; looks++)
		if (looks > 20)
			sched_yield();
}

static void put(long value)
{
	unsigned long ticket = ADD(&queue.head, 1, seq_cst);
	struct slot *slot = &queue.slots[ticket % queue.capacity];
	unsigned turn = ticket / queue.capacity;
	wait_for(slot, turn * 2);
	if (!BROKEN)
		slot->value = value;
	STORE(&slot->turn, turn * 2 + 1, release);
	if (BROKEN)
		slot->value = value;
}

static long get(void)
{
	unsigned long ticket = ADD(&queue.tail, 1, seq_cst);
	struct slot *slot = &queue.slots[ticket % queue.capacity];
	unsigned turn = ticket / queue.capacity;
	wait_for(slot, turn * 2 + 1);
	long value = slot->value;
	STORE(&slot->turn, turn * 2 + 2, release);
	return value;
}

static void *work(void *which)
{
	for (long i = 0; i < rounds; i++)
		if ((long)which % 2)
			ADD(&sum, get(), relaxed);
		else
			put(i);
	return NULL;
}

static int body(void)
{
	queue.capacity = rounds % 2 ? 11 : 10;
	queue.slots = aligned_alloc(64, queue.capacity * sizeof(struct slot));
	memset(queue.slots, 0, queue.capacity * sizeof(struct slot));
	run_all(THREADS, work);
	TELL("%ld", sum);
	free(queue.slots);
	return 0;
}
