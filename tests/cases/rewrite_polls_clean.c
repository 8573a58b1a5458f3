// What a loop polls is synchronisation from the start, though two threads stored to it before anybody looked; where the loop does
// work in between; and where its first look reaches the place by another sum of registers.
// cflags: -gdwarf-4
// compilers: gcc clang clang-19
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#include "../gate.h"

enum { ITEMS = 64, SLOTS = 4 };

static struct gate stored;
static atomic_int turn;
static atomic_long filled;
static long items[ITEMS];
static struct {
	atomic_int open;
	char padding[60];
} slots[SLOTS];
static atomic_uint next_slot;
static long under_slots;

static void take_turns(int me)
{
	atomic_store_explicit(&turn, me, memory_order_release);
	gate_open(&stored, me);
	while (atomic_load_explicit(&turn, memory_order_acquire) == 0)
		;
}

static void pass_slot(void)
{
	unsigned mine = atomic_fetch_add_explicit(&next_slot, 1, memory_order_relaxed) % SLOTS;
	while (!atomic_load_explicit(&slots[mine].open, memory_order_acquire))
		sched_yield();
	atomic_store_explicit(&slots[mine].open, 0, memory_order_relaxed);
	under_slots++;
	atomic_store_explicit(&slots[(mine + 1) % SLOTS].open, 1, memory_order_release);
}

static void *fill(void *argument)
{
	take_turns(1);
	for (int i = 0; i < ITEMS; i++) {
		items[i] = i;
		atomic_store_explicit(&filled, i + 1, memory_order_release);
		pass_slot();
	}
	return argument;
}

static void *drain(void *argument)
{
	long sum = 0, seen = 0;
	gate_wait(&stored, 1);
	take_turns(2);
	while (seen < ITEMS) {
		long until = atomic_load_explicit(&filled, memory_order_acquire);
		for (; seen < until; seen++)
			sum += items[seen];
	}
	for (int i = 0; i < ITEMS; i++)
		pass_slot();
	*(long *)argument = sum;
	return argument;
}

int main(void)
{
	pthread_t threads[2];
	long sum = 0;
	slots[0].open = 1;
	pthread_create(&threads[0], NULL, fill, NULL);
	pthread_create(&threads[1], NULL, drain, &sum);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("%ld %ld\n", sum, under_slots);
	return 0;
}
