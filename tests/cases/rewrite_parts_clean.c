// Parts of what an atomic instruction changes, looked at and stored to once, by plain moves: the second half of 16 bytes, half
// of a ticket lock's word. And an atomic change behind a return to code in which no jump finds room.
// compilers: gcc clang clang-19
#include <pthread.h>
#include <stdio.h>

#include "parts.h"

static long pointed, under_lock, packed;

static void *give(void *argument)
{
	take_ticket();
	pointed = 42;
	publish_pair(&pointed);
	under_lock = 1;
	leave_half();
	packed = 7;
	change_behind_return();
	gate_open(&given, 1);
	return argument;
}

static void *take(void *argument)
{
	long sum = 0;
	gate_wait(&given, 1);
	sum += second_half() ? pointed : 0;
	take_ticket();
	sum += under_lock;
	sum += changed() ? packed : 0;
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
