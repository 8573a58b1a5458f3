// hostile: has shared memory and one thread, whose own memory nobody looks at; and then two threads, whose memory is looked at
// expect: race-data
// with: forward backward
#include "sides.h"

static long counter, *shared;

/* Plain stores: rewritten. */
static void first(void)
{
	counter = 1;
}
static void second(void)
{
	counter = counter + 2;
}
static __attribute__((noinline)) void work(long rounds)
{
	for (volatile long i = 0; i < rounds; i++) {
		counter += i;
		shared[i % 100]++;
	}
}
int main(int count, char **arguments)
{
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	work(1000);
	pid_t child = fork();
	if (child == 0) {
		run_threads(is_backward(count, arguments), first, second);
		printf("%ld\n", counter);
		return 0;
	}
	end_side(child);
	work(1000);
	printf("%ld %ld\n", counter, shared[50]);
	return 0;
}
