// cflags: -fno-builtin
// A handler runs in the thread that it interrupts: what it does races like what the thread does.
#include <signal.h>
#include <string.h>
#include "pair.h"

static int data;

static void handle(int number)
{
	memset(&data, number, sizeof data); // race: race-data a
}

static void first(void)
{
	raise(SIGUSR1);
}

static void second(void)
{
	memset(&data, 1, sizeof data); // race: race-data a
}

int main(void)
{
	signal(SIGUSR1, handle);
	pair_run(first, second);
	return 0;
}
