// hostile: has 17,000 children, more than a session has room for at once, each of which writes into shared memory; the last two race
// expect: race-shared
// options: rewrite=off
// needs: test "$RT_TEST_LONG"
// seconds: 120
#include "sides.h"

enum { CHILDREN = 17000 };

static char *mapping;

static void first(void)
{
	first_write(mapping + PAGE);
}
static void second(void)
{
	second_write(mapping + PAGE);
}
int main(void)
{
	mapping = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	for (int i = 0; i < CHILDREN; i++) {
		pid_t child = fork();
		MUST(child >= 0);
		if (child == 0) {
			memset(mapping + i % 64 * 16, i, 16);
			_exit(0);
		}
		end_side(child);
	}
	run_processes(0, first, second);
	return 0;
}
