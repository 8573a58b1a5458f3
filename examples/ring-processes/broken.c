/* A ring of messages between two processes, one of which writes and one of which reads, without a lock: their places in
 * the ring are atomic. The places are published by relaxed stores, so that nothing says that a message is whole when its
 * place is seen, or that the reader is done with it when its place is used again. On x86 both versions have the same
 * machine code; the difference shows on other processors, and where the compiler makes use of it. Built by racetrack-cc.
 */
/* expect: race-shared */
#include <stdatomic.h>
#include <stdbool.h>

#include "../shared.h"

enum { PLACES = 16, MESSAGES = 2000, MESSAGE_BYTES = 48 };

struct ring {
	_Alignas(64) atomic_ulong written; /* by the one */
	_Alignas(64) atomic_ulong read;    /* by the other */
	_Alignas(64) struct message {
		size_t bytes;
		char text[MESSAGE_BYTES];
	} places[PLACES];
};

static bool ring_put(struct ring *ring, const struct message *message)
{
	unsigned long at = atomic_load_explicit(&ring->written, memory_order_relaxed);
	if (at - atomic_load_explicit(&ring->read, memory_order_relaxed) == PLACES)
		return false;
	// racetrack: race-shared a
	ring->places[at % PLACES] = *message;
	atomic_store_explicit(&ring->written, at + 1, memory_order_relaxed);
	return true;
}

static bool ring_get(struct ring *ring, struct message *message)
{
	unsigned long at = atomic_load_explicit(&ring->read, memory_order_relaxed);
	if (at == atomic_load_explicit(&ring->written, memory_order_relaxed))
		return false;
	// racetrack: race-shared b
	*message = ring->places[at % PLACES];
	atomic_store_explicit(&ring->read, at + 1, memory_order_relaxed);
	return true;
}

static void *send_all(void *ring)
{
	struct message message;
	for (int i = 0; i < MESSAGES; i++) {
		message.bytes = 1 + snprintf(message.text, sizeof message.text, "order %d of process %d", i,
					    getpid());
		while (!ring_put(ring, &message))
			sched_yield();
	}
	return NULL;
}

static void *receive_all(void *ring)
{
	struct message message;
	unsigned long bytes = 0;
	for (int i = 0; i < MESSAGES; i++) {
		while (!ring_get(ring, &message))
			sched_yield();
		bytes += message.bytes;
	}
	printf("%d orders, %lu bytes, the last one: %s\n", MESSAGES, bytes, message.text);
	fflush(stdout);
	return NULL;
}

int main(void)
{
	struct ring *ring =
		mmap(NULL, sizeof *ring, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(ring == MAP_FAILED);
	run_processes(send_all, receive_all, ring, ring);
	return munmap(ring, sizeof *ring);
}
