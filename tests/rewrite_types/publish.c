/* Hands over by a plain move, once, what another thread looks at once: through variables of every form that debug information
 * has. In C and in C++; with -DPLAIN the variables are volatile, which orders nothing. Each step prints what was handed over. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "gate.h"

#ifdef PLAIN
#define ATOMIC(type)   type volatile
#define PUT(at, value) ((at) = (value))
#define LOOK(at)       (at)
#elif defined(__cplusplus)
#include <atomic>
#define ATOMIC(type)   std::atomic<type>
#define PUT(at, value) (at).store(value, std::memory_order_release)
#define LOOK(at)       (at).load(std::memory_order_acquire)
#else
#include <stdatomic.h>
#define ATOMIC(type)   _Atomic(type)
#define PUT(at, value) atomic_store_explicit(&(at), value, memory_order_release)
#define LOOK(at)       atomic_load_explicit(&(at), memory_order_acquire)
#endif

typedef ATOMIC(long *) shared_t;
struct slot {
	char plain;
	shared_t at;
};
struct holder {
	struct slot slots[2];
	struct {
		ATOMIC(int) number;
	} inner;
	char name[20];
};

ATOMIC(long *) lone;
static shared_t hidden;
static struct slot row[4];
static struct holder holders[3];
static ATOMIC(long *) many[1000];
static ATOMIC(int) number;
static ATOMIC(short) small_numbers[2][3];
static long payload[16];

static struct gate gate;
static volatile int three = 3; /* what the compiler does not know */

static shared_t *in_function(void)
{
	static shared_t inside;
	return &inside;
}

static long *make(long value)
{
	long *made = (long *)malloc(sizeof(*made));
	*made = value;
	return made;
}

/* A payload that is handed over by its number. */
static int fill(int at, long value)
{
	payload[at] = value;
	return at;
}

static void *publish(void *argument)
{
	PUT(lone, make(1));
	PUT(hidden, make(2));
	PUT(row[three].at, make(3));
	PUT(holders[three - 1].slots[1].at, make(4));
	PUT(many[three * 300], make(5));
	PUT(*in_function(), make(6));
	PUT(number, fill(three, 7));
	PUT(holders[1].inner.number, fill(three + 1, 8));
	PUT(small_numbers[1][three - 1], (short)fill(three + 2, 9));
	gate_open(&gate, 1);
	return argument;
}

static void *look(void *argument)
{
	gate_wait(&gate, 1);
	printf("%ld ", *LOOK(lone));
	printf("%ld ", *LOOK(hidden));
	printf("%ld ", *LOOK(row[three].at));
	printf("%ld ", *LOOK(holders[three - 1].slots[1].at));
	printf("%ld ", *LOOK(many[three * 300]));
	printf("%ld ", *LOOK(*in_function()));
	printf("%ld ", payload[LOOK(number)]);
	printf("%ld ", payload[LOOK(holders[1].inner.number)]);
	printf("%ld\n", payload[LOOK(small_numbers[1][three - 1])]);
	return argument;
}

int main(void)
{
	pthread_t threads[2];
	pthread_create(&threads[0], NULL, publish, NULL);
	pthread_create(&threads[1], NULL, look, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
