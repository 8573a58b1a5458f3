// hostile: maps shared memory over variables of its own, which code addresses by constants; each process has one thread
// expect: race-shared
// with: forward backward early
#include "sides.h"

static struct {
	long before[512], shared[512], after[512];
} data __attribute__((aligned(PAGE)));

static void first(void)
{
	data.before[7] = data.after[9] = 1;
	data.shared[5] = 1;
}
static void second(void)
{
	data.before[7] = data.after[9] = 2;
	data.shared[5] = 2;
}
int main(int count, char **arguments)
{
	if (count > 1 && !strcmp(arguments[1], "early")) /* what is rewritten comes first */
		MUST(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) !=
			MAP_FAILED);
	MUST(mmap(data.shared, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		data.shared);
	run_processes(is_backward(count, arguments), first, second);
	printf("%ld\n", data.shared[5]);
	return 0;
}
