// What atomics are compiled to is synchronisation, without hooks: changes, and plain moves that a loop waits for.
// compilers: gcc clang clang-19
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

enum { ROUNDS = 300 };

/* A lock whose release is a plain store. */
static atomic_int lock_word;
static long under_lock;

static void lock(void)
{
	while (atomic_exchange_explicit(&lock_word, 1, memory_order_acquire))
		while (atomic_load_explicit(&lock_word, memory_order_relaxed))
			sched_yield();
}

static void unlock(void)
{
	atomic_store_explicit(&lock_word, 0, memory_order_release);
}

/* Tickets. */
static atomic_uint next_ticket, now_serving;
static long under_tickets;

static void take_turn(void)
{
	unsigned mine = atomic_fetch_add_explicit(&next_ticket, 1, memory_order_relaxed);
	while (atomic_load_explicit(&now_serving, memory_order_acquire) != mine)
		sched_yield();
	under_tickets++;
	atomic_store_explicit(&now_serving, mine + 1, memory_order_release);
}

/* Messages, handed over by flags that nothing but plain moves touches. */
static atomic_int filled;
static long message[4];

/* A ring for one producer and one consumer. */
enum { RING = 8 };
static atomic_ulong head, tail;
static long ring[RING];

static void push(long value)
{
	unsigned long at = atomic_load_explicit(&tail, memory_order_relaxed);
	while (at - atomic_load_explicit(&head, memory_order_acquire) == RING)
		sched_yield();
	ring[at % RING] = value;
	atomic_store_explicit(&tail, at + 1, memory_order_release);
}

static long pop(void)
{
	unsigned long at = atomic_load_explicit(&head, memory_order_relaxed);
	while (atomic_load_explicit(&tail, memory_order_acquire) == at)
		sched_yield();
	long value = ring[at % RING];
	atomic_store_explicit(&head, at + 1, memory_order_release);
	return value;
}

static atomic_int stop;
static atomic_long polls;

static void *produce(void *argument)
{
	for (long i = 0; i < ROUNDS; i++) {
		lock();
		under_lock++;
		unlock();
		take_turn();
		while (atomic_load_explicit(&filled, memory_order_acquire))
			sched_yield();
		message[i % 4] = i;
		atomic_store_explicit(&filled, 1, memory_order_release);
		push(i);
	}
	return argument;
}

static void *consume(void *argument)
{
	static long sum;
	for (long i = 0; i < ROUNDS; i++) {
		lock();
		under_lock++;
		unlock();
		take_turn();
		while (!atomic_load_explicit(&filled, memory_order_acquire))
			sched_yield();
		sum += message[i % 4];
		atomic_store_explicit(&filled, 0, memory_order_release);
		sum += pop();
	}
	*(long *)argument = sum;
	return argument;
}

static void *poll_flag(void *argument)
{
	while (!atomic_load_explicit(&stop, memory_order_relaxed))
		atomic_fetch_add(&polls, 1);
	return argument;
}

int main(void)
{
	pthread_t threads[3];
	long sum = 0;
	pthread_create(&threads[0], NULL, produce, NULL);
	pthread_create(&threads[1], NULL, consume, &sum);
	pthread_create(&threads[2], NULL, poll_flag, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	atomic_store_explicit(&stop, 1, memory_order_relaxed);
	pthread_join(threads[2], NULL);
	printf("%ld %ld %ld\n", under_lock, under_tickets, sum);
	return 0;
}
