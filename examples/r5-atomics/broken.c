/* Two sides take turns at a line in shared memory by C11's atomics: threads through two addresses, and processes. Row
 * R5: the orders are relaxed, which promises nothing about the line. The orders are gone from the machine code: built by
 * racetrack-cc.
 */
/* expect: race-alias race-shared race-alias race-shared race-alias race-shared race-alias race-shared
 * race-alias race-shared */
#include <stdatomic.h>

#include "../shared.h"

enum { ROUNDS = 5 };

struct board {
	char line[64];
	long count;
	atomic_int ready, lock;
	atomic_uint next_ticket, now_serving;
};

static void prepare(void *unused)
{
	(void)unused;
}

/* 1. A flag. */
static void *set_flag(void *shared)
{
	struct board *board = shared;
	// racetrack: race-alias a; race-shared a
	snprintf(board->line, sizeof board->line, "before flag %d", 1);
	atomic_store_explicit(&board->ready, 1, memory_order_relaxed);
	return NULL;
}

static void *await_flag(void *shared)
{
	struct board *board = shared;
	while (!atomic_load_explicit(&board->ready, memory_order_relaxed))
		sched_yield();
	// racetrack: race-alias b; race-shared b
	snprintf(board->line, sizeof board->line, "changed after flag %d", 1);
	return NULL;
}

/* 2. A flag between fences that are not there. */
static void *set_fenced(void *shared)
{
	struct board *board = shared;
	// racetrack: race-alias#2 a; race-shared#2 a
	snprintf(board->line, sizeof board->line, "before fence %d", 1);
	atomic_store_explicit(&board->ready, 1, memory_order_relaxed);
	return NULL;
}

static void *await_fenced(void *shared)
{
	struct board *board = shared;
	while (!atomic_load_explicit(&board->ready, memory_order_relaxed))
		sched_yield();
	// racetrack: race-alias#2 b; race-shared#2 b
	snprintf(board->line, sizeof board->line, "changed after fence %d", 1);
	return NULL;
}

/* 3. A lock by exchange. */
static void *with_lock(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		while (atomic_exchange_explicit(&board->lock, 1, memory_order_relaxed))
			sched_yield();
		// racetrack: race-alias#3 a; race-alias#3 b; race-shared#3 a; race-shared#3 b
		snprintf(board->line, sizeof board->line, "under a lock: %d", i);
		atomic_store_explicit(&board->lock, 0, memory_order_relaxed);
	}
	return NULL;
}

/* 4. Tickets. */
static void *with_tickets(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		unsigned mine = atomic_fetch_add_explicit(&board->next_ticket, 1, memory_order_relaxed);
		while (atomic_load_explicit(&board->now_serving, memory_order_relaxed) != mine)
			sched_yield();
		// racetrack: race-alias#4 a; race-alias#4 b; race-shared#4 a; race-shared#4 b
		snprintf(board->line, sizeof board->line, "with a ticket: %d", i);
		atomic_store_explicit(&board->now_serving, mine + 1, memory_order_relaxed);
	}
	return NULL;
}

/* 5. A counter, and nothing but that: changed as if it were nobody else's. */
static void *count(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		// racetrack: race-alias#5 a; race-alias#5 b; race-shared#5 a; race-shared#5 b
		*(volatile long *)&board->count += 1;
	}
	return NULL;
}

static const struct way ways[] = {
	{IN_THREADS | IN_PROCESSES, set_flag, await_flag},
	{IN_THREADS | IN_PROCESSES, set_fenced, await_fenced},
	{IN_THREADS | IN_PROCESSES, with_lock, with_lock},
	{IN_THREADS | IN_PROCESSES, with_tickets, with_tickets},
	{IN_THREADS | IN_PROCESSES, count, count},
};

int main(void)
{
	TRY_WAYS(ways, board, prepare, NULL);
	return 0;
}
