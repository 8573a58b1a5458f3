// Plain loads and stores of code that was compiled without hooks: a line for each form, both of whose sides it is.
#include "steps.h"

struct record {
	volatile char one;
	volatile short two;
	volatile int four;
	volatile long eight;
	volatile long list[8];
	int bits : 5;
} __attribute__((aligned(64)));

static struct record records[STEPS_MOST];
static __thread volatile long sink;

#define R (&records[__LINE__])
#define BY(a, b)                                                                                             \
	do {                                                                                                 \
		if (steps_first)                                                                             \
			(a);                                                                                 \
		else                                                                                         \
			(b);                                                                                 \
		__asm__ volatile("" ::: "memory");                                                           \
	} while (0)

/* In line, so that it is the line's own access. */
static inline __attribute__((always_inline)) void fill(char *to, long bytes)
{
	__asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(1) : "memory"); // race: race-data string
}

static void steps(void)
{
	long i = steps_sizes[3];
	BY(R->one = 1, R->one = 2);                                         // race: race-data
	BY(R->two++, R->two++);                                             // race: race-data
	BY(R->four += 3, sink = R->four);                                   // race: race-data
	BY(R->eight ^= i, R->eight--);                                      // race: race-data
	BY(R->list[i] = i, sink = R->list[i]);                              // race: race-data
	BY(sink = R->list[i + 1], R->list[i + 1] = i);                      // race: race-data
	BY(R->bits = i, R->bits++);                                         // race: race-data
	BY(*(volatile int *)((char *)R + 6) = 1, sink = R->four);           // race: race-data
	BY(fill((char *)R->list, i), sink = ((volatile char *)R->list)[2]); // race: race-data string
}

int main(void)
{
	steps_run();
	return 0;
}
