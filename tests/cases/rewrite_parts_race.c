// What the parts of rewrite_parts_clean.c do not order: stores that come after them.
// compilers: gcc clang clang-19
#include <pthread.h>
#include <stdio.h>

#include "parts.h"

static long pointed, under_lock, packed;

static void *give(void *argument)
{
	take_ticket();
	publish_pair(&pointed);
	pointed = 42; // race: race-data pointed
	leave_half();
	under_lock = 1; // race: race-data under_lock
	change_behind_return();
	packed = 7; // race: race-data packed
	gate_open(&given, 1);
	return argument;
}

static void *take(void *argument)
{
	long sum = 0;
	gate_wait(&given, 1);
	sum += second_half() ? pointed : 0; // race: race-data pointed
	take_ticket();
	sum += under_lock;             // race: race-data under_lock
	sum += changed() ? packed : 0; // race: race-data packed
	*(long *)argument = sum;
	return argument;
}

int main(void)
{
	long sum = 0;
	run_both(give, take, &sum);
	printf("%ld\n", sum);
	return 0;
}
