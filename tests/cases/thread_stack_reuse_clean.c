// cflags: -fno-builtin
// Many detached threads that use their stacks: a later one gets the memory of an earlier one, and that is no race.
#include <string.h>
#include "pair.h"

static struct gate gate;

static __attribute__((noinline)) int use_stack(int value)
{
	char buffer[4096];
	memset(buffer, value, sizeof buffer);
	return buffer[17] + (memchr(buffer, value + 1, sizeof buffer) != NULL);
}

static void *work(void *argument)
{
	int number = (int)(intptr_t)argument;
	int made = use_stack(number & 63);
	gate_open(&gate, number + (made < 0));
	return NULL;
}

int main(void)
{
	pthread_t unused, keeper;
	for (int i = 1; i <= 300; i++) {
		MUST(pthread_create(&unused, NULL, work, (void *)(intptr_t)i) == 0);
		MUST(pthread_detach(unused) == 0);
		gate_wait(&gate, i);
	}
	MUST(pthread_create(&keeper, NULL, work, (void *)(intptr_t)301) == 0);
	MUST(pthread_join(keeper, NULL) == 0);
	return 0;
}
