// A ring with plain indices: debug information says that they are.
#include <pthread.h>
#include <stdbool.h>

#include "../gate.h"

enum { SLOTS = 16 };
static unsigned long head, tail;
static long slots[SLOTS];
static struct gate gate;

__attribute__((noinline)) static bool push(long value)
{
	unsigned long own = head;
	if (own - tail == SLOTS) // race: race-data tail
		return false;
	slots[own % SLOTS] = value; // race: race-data slot
	__asm__ volatile("" ::: "memory");
	head = own + 1; // race: race-data head
	return true;
}

__attribute__((noinline)) static bool pop(long *value)
{
	unsigned long own = tail;
	if (own == head) // race: race-data head
		return false;
	*value = slots[own % SLOTS]; // race: race-data slot
	__asm__ volatile("" ::: "memory");
	tail = own + 1; // race: race-data tail
	return true;
}

static void *produce(void *argument)
{
	push(7);
	gate_open(&gate, 1);
	return argument;
}

static void *consume(void *argument)
{
	gate_wait(&gate, 1);
	pop(argument);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	long got = 0;
	pthread_create(&threads[0], NULL, produce, NULL);
	pthread_create(&threads[1], NULL, consume, &got);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return got != 7;
}
