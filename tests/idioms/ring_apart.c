// A ring for one producer and one consumer that asks for the other's index only where the one it remembers is used up. Each side's words
// are on a line of their own, the other's at the object's beginning.
#include "../idiom.h"

enum { SLOTS = 16 };

struct message {
	unsigned number, length;
	char text[24];
};

struct ring {
	_Alignas(64) atomic_size_t head;
	size_t tail_seen;
	_Alignas(64) atomic_size_t tail;
	size_t head_seen;
	_Alignas(64) struct message slots[SLOTS];
};

static bool give_one(struct ring *ring, const struct message *message)
{
	size_t tail = LOAD(&ring->tail, relaxed);
	if (tail - ring->head_seen == SLOTS) {
		ring->head_seen = LOAD(&ring->head, acquire);
		if (tail - ring->head_seen == SLOTS)
			return false;
	}
	if (!BROKEN)
		ring->slots[tail % SLOTS] = *message;
	STORE(&ring->tail, tail + 1, release);
	if (BROKEN)
		ring->slots[tail % SLOTS] = *message;
	return true;
}

static bool take_one(struct ring *ring, struct message *message)
{
	size_t head = LOAD(&ring->head, relaxed);
	if (head == ring->tail_seen) {
		ring->tail_seen = LOAD(&ring->tail, acquire);
		if (head == ring->tail_seen)
			return false;
	}
	*message = ring->slots[head % SLOTS];
	STORE(&ring->head, head + 1, release);
	return true;
}

static void *give(void *argument)
{
	struct ring *ring = argument;
	for (long i = 0; i < rounds; i++) {
		struct message message = {.number = (unsigned)i};
		message.length = (unsigned)snprintf(message.text, sizeof(message.text), "number %ld", i);
		while (!give_one(ring, &message))
			sched_yield();
	}
	return NULL;
}

static int body(void)
{
	struct ring *ring = aligned_alloc(64, sizeof(*ring));
	struct message message;
	pthread_t giver;
	long sum = 0;
	memset(ring, 0, sizeof(*ring));
	pthread_create(&giver, NULL, give, ring);
	for (long i = 0; i < rounds; i++) {
		while (!take_one(ring, &message))
			sched_yield();
		sum += message.number == i;
	}
	pthread_join(giver, NULL);
	TELL("%ld", sum);
	return 0;
}
