/* Publishes by them, and looks once. */
#include <stdio.h>
#include "pair.h"

int load(const int *from) __asm__(
	"_D4core8internal6atomic__T10atomicLoadVEQBmQBb11MemoryOrderi2TiZQBmFNaNbNiNePNgiZNgi");
void store(int *to, int value) __asm__(
	"_D4core8internal6atomic__T11atomicStoreVEQBnQBc11MemoryOrderi3TiZQBnFNaNbNiNePiiZv");

static struct published {
	int data, state;
} * published;
static long sum;

static void publish(void)
{
	published->data = 7;
	store(&published->state, 50);
}

static void look(void)
{
	sum += load(&published->state) + published->data;
}

int main(void)
{
	published = calloc(1, sizeof *published);
	pair_run(publish, look);
	printf("%ld\n", sum);
	free(published);
	return 0;
}
