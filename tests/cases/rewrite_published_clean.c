// A pointer that a thread published, which ended and was joined by another one before the reader first waited for it.
// compilers: gcc clang clang-19
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "../gate.h"

static long *_Atomic published;
static struct gate joined;

static void *publish(void *argument)
{
	long *value = malloc(sizeof(*value));
	*value = 42;
	atomic_store_explicit(&published, value, memory_order_release);
	return argument;
}

static void *wait_for_it(void *argument)
{
	long *value;
	gate_wait(&joined, 1);
	while (!(value = atomic_load_explicit(&published, memory_order_acquire)))
		;
	*(long *)argument = *value;
	free(value);
	return argument;
}

int main(void)
{
	pthread_t writer, reader;
	long got = 0;
	pthread_create(&reader, NULL, wait_for_it, &got);
	pthread_create(&writer, NULL, publish, NULL);
	pthread_join(writer, NULL);
	gate_open(&joined, 1);
	pthread_join(reader, NULL);
	printf("%ld\n", got);
	return 0;
}
