// hostile: a race of two C11 threads
// expect: race-data
// times: 20
#include <stdio.h>
#include <string.h>
#include <threads.h>
#include "gate.h"

static struct gate gate;
static char text[64];
static int first(void *argument)
{
	strcpy(text, argument);
	gate_open(&gate, 1);
	return 1;
}
static int second(void *argument)
{
	gate_wait(&gate, 1);
	strcpy(text, argument);
	return 2;
}
int main(void)
{
	thrd_t a, b;
	thrd_create(&a, first, "first");
	thrd_create(&b, second, "second");
	thrd_join(a, NULL);
	thrd_join(b, NULL);
	puts(text);
	return 0;
}
