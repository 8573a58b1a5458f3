// A block of the program's own pool counts its users by atomic instructions first, and is a plain record afterwards: what filled it
// ended that, a call or stores of 16 bytes.
#include <stdatomic.h>
#include <string.h>
#include "pair.h"

struct counted {
	atomic_int users;
	char rest[60];
};
struct record {
	int hits;
	char rest[60];
};
static union block {
	struct counted counted;
	struct record record;
} * called, *stored;

static pthread_barrier_t together;
static struct gate gate;

static void count(union block *block)
{
	atomic_fetch_add(&block->counted.users, 1);
	atomic_fetch_sub(&block->counted.users, 1);
}

/* What comes after the barrier comes one after the other, and nothing orders it. */
static void *use(void *first)
{
	void *(*volatile call)(void *, int, size_t) = memset;
	count(called);
	count(stored);
	pthread_barrier_wait(&together);
	if (first) {
		call(called, 0, sizeof(*called));
		memset(stored, 0, sizeof(*stored));
	}
	pthread_barrier_wait(&together);
	gate_wait(&gate, first ? 0 : 1);
	called->record.hits += 3; // race: race-data
	stored->record.hits += 4; // race: race-data
	gate_open(&gate, 1);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	called = aligned_alloc(64, sizeof(*called));
	stored = aligned_alloc(64, sizeof(*stored));
	MUST(called && stored && !pthread_barrier_init(&together, NULL, 2));
	memset(called, 0, sizeof(*called));
	memset(stored, 0, sizeof(*stored));
	for (int i = 0; i < 2; i++)
		MUST(!pthread_create(&threads[i], NULL, use, i ? &gate : NULL));
	for (int i = 0; i < 2; i++)
		MUST(!pthread_join(threads[i], NULL));
	return called->record.hits == 6 && stored->record.hits == 8 ? 0 : 1;
}
