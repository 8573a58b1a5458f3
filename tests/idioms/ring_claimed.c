// A ring for one producer and several consumers: who takes claims the place by a compare-and-exchange, after it has read what is there,
// and asks each time whether there is anything. Who finds nothing does something else.
// not at: -O0
#include "../idiom.h"

enum { PLACES = 4096 /* more than are put in: the ring is never full */, TAKERS = 2 };

struct ring {
	atomic_uint head;
	char apart[60];
	atomic_uint tail;
	unsigned mask;
	long *places[PLACES];
};
static struct ring *rings;
static const int *which; /* of them: asked anew each time */
static _Atomic long sum;
static pthread_barrier_t start; /* before all that: else one may be done before the others begin */

static void put(struct ring *ring, long *item)
{
	unsigned tail = LOAD(&ring->tail, relaxed);
	ring->places[tail & ring->mask] = item;
	STORE(&ring->tail, tail + 1, release);
	if (BROKEN)
		*item = 2;
}

/* In the instructions of a compiler that has turned the loop round: its test is below. */
static bool take(struct ring *from, long **item)
{
	bool well;
	__asm__ volatile("	mov (%[head]), %%eax\n"
			 "	jmp 2f\n"
			 "1:	mov %%eax, %%ecx\n"
			 "	and %[mask], %%ecx\n"
			 "	mov (%[places], %%rcx, 8), %[found]\n"
			 "	lea 1(%%rax), %%ecx\n"
			 "	lock cmpxchg %%ecx, (%[head])\n"
			 "	je 3f\n"
			 "2:	mov (%[tail]), %%ecx\n"
			 "	cmp %%eax, %%ecx\n"
			 "	jne 1b\n"
			 "	test %%rsp, %%rsp\n"
			 "3:	sete %[well]\n"
			 : [found] "=&r"(*item), [well] "=r"(well)
			 : [head] "r"(&from->head), [tail] "r"(&from->tail), [places] "r"(from->places),
			 [mask] "r"(from->mask)
			 : "rax", "rcx", "cc", "memory");
	return well;
}

static void *give(void *x)
{
	pthread_barrier_wait(&start);
	for (long i = 0; i < TAKERS * rounds; i++) {
		long *item = malloc(sizeof(*item));
		*item = i;
		put(&rings[*which], item);
	}
	return x;
}

static void *any(void *x)
{
	pthread_barrier_wait(&start);
	for (long taken = 0, asked = 0; taken < rounds; asked++) {
		long *item = malloc(sizeof(*item)); /* something else is done, too */
		*item = asked;
		free(item);
		if (take(&rings[*which], &item)) {
			ADD(&sum, *item, relaxed);
			taken++;
			free(item);
		}
	}
	return x;
}

static int body(void)
{
	pthread_t giver;
	const int last = 1;
	which = &last;
	rings = calloc(2, sizeof(*rings));
	rings[last].mask = PLACES - 1;
	pthread_barrier_init(&start, NULL, 1 + TAKERS);
	pthread_create(&giver, NULL, give, NULL);
	run_all(TAKERS, any);
	pthread_join(giver, NULL);
	TELL("%ld", sum);
	pthread_barrier_destroy(&start);
	free(rings);
	return 0;
}
