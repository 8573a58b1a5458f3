// What is published once and looked at once, by operations that are told their order: without optimisation clang makes a move for each.
// only: clang -O0
#include "../idiom.h"

static long *taken(_Atomic(long *) *place, memory_order order)
{
	return atomic_load_explicit(place, order);
}

static void give(_Atomic(long *) *place, long *value, memory_order order)
{
	atomic_store_explicit(place, value, order);
}

static struct board {
	_Atomic(long *) last;
	long all[1000];
} * board;
static atomic_long sum;

static void *look(void *x)
{
	long own = 0;
	for (long i = 0; i < rounds; i++) {
		long *last = taken(&board->last, memory_order_acquire);
		if (last)
			own += *last;
	}
	ADD(&sum, own > 0, relaxed);
	return x;
}

static void *put(void *x)
{
	for (long i = 0; i < rounds && i < 1000; i++) {
		if (!BROKEN)
			board->all[i] = i;
		give(&board->last, &board->all[i], memory_order_release);
		if (BROKEN)
			board->all[i] = i;
	}
	return x;
}

static int body(void)
{
	board = calloc(1, sizeof(*board));
	run_two(put, look);
	TELL("%d", sum <= 1);
	free(board);
	return 0;
}
