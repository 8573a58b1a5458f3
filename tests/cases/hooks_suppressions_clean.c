// Suppressions that the program brings along.
#include "pair.h"

const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "# known\n"
	       "race:known_race\n"
	       "race_top:store_known$\n";
}

static int one, other;

static __attribute__((noinline)) void store_known(int *to)
{
	*(volatile int *)to = 1;
}

static __attribute__((noinline)) void known_race(void)
{
	*(volatile int *)&one = 1;
	store_known(&other);
	__asm__ volatile("");
}

int main(void)
{
	pair_run(known_race, known_race);
	return 0;
}
