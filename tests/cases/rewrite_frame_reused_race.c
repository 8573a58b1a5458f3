// A place on the stack is a lock in one call, and plain data in the next, in turn: what is plain is none the less.
#include <stdatomic.h>
#include <stdint.h>
#include "pair.h"

union slot {
	atomic_int lock;
	int data;
};
/* Whatever else the frames hold, both have their slot at the same place. */
enum { PAGE = 4096 };
#define SLOT_IN(room) ((union slot *)(((uintptr_t)(room) + PAGE - 1) & ~(uintptr_t)(PAGE - 1)))

static union slot *_Atomic handed;
static atomic_int step;
static long sum;

static void take(atomic_int *lock)
{
	while (atomic_exchange(lock, 1))
		sched_yield();
}

static void hand(union slot *slot, int next)
{
	handed = slot;
	step = next;
}

static void wait_for(int next)
{
	while (step != next)
		sched_yield();
}

__attribute__((noinline)) static void *with_lock(int first)
{
	char room[2 * PAGE];
	union slot *slot = SLOT_IN(room);
	slot->data = 0;
	hand(slot, first + 1);
	for (int i = 0; i < 5; i++) {
		take(&slot->lock);
		sum++;
		atomic_store(&slot->lock, 0);
	}
	wait_for(first + 2);
	return (void *volatile){slot};
}

/* The other thread adds before it says so, and this one does not wait for that. */
__attribute__((noinline)) static void *with_data(int first)
{
	char room[2 * PAGE];
	union slot *slot = SLOT_IN(room);
	slot->data = 1;
	hand(slot, first + 3);
	slot->data += 2; // race: race-data data
	wait_for(first + 4);
	return (void *volatile){slot};
}

static void *other(void *rounds)
{
	for (int first = 0; first < 4 * *(int *)rounds; first += 4) {
		wait_for(first + 1);
		for (int i = 0; i < 5; i++) {
			take(&handed->lock);
			sum++;
			atomic_store(&handed->lock, 0);
		}
		step = first + 2;
		wait_for(first + 3);
		handed->data += 3; // race: race-data data
		step = first + 4;
	}
	return NULL;
}

int main(void)
{
	int rounds = 20;
	pthread_t thread;
	MUST(!pthread_create(&thread, NULL, other, &rounds));
	for (int first = 0; first < 4 * rounds; first += 4) {
		void *lock = with_lock(first), *data = with_data(first);
		MUST(lock == data);
	}
	MUST(!pthread_join(thread, NULL));
	return sum == 10 * rounds ? 0 : 1;
}
