// cflags: -fno-builtin -Wl,--no-as-needed -lm
// Second results of mathematical functions, and generators whose state the caller keeps.
#define _GNU_SOURCE
#include <math.h>
#include <stdlib.h>
#include "steps.h"

#define AS(type)          ((type *)(void *)WORDS)
#define LAST(type)        ((char *)WORDS + sizeof(type) - 1)
#define FILLS(call, type) WRITES((long)(call), LAST(type))
#define NEXT(type)        ((type *)(void *)A)

static volatile double x = 2.5;

static void mathematics(void)
{
	FILLS(frexp(x, AS(int)), int); // race: race-data
	SPARES((long)frexp(x, AS(int)), (char *)WORDS + 4);
	FILLS(frexpf((float)x, AS(int)), int);                      // race: race-data
	FILLS(frexpl(x, AS(int)), int);                             // race: race-data
	FILLS(modf(x, AS(double)), double);                         // race: race-data
	FILLS(modff((float)x, AS(float)), float);                   // race: race-data
	WRITES((long)modfl(x, AS(long double)), (char *)WORDS + 9); // race: race-data
	SPARES((long)modfl(x, AS(long double)), (char *)WORDS + 10);
	FILLS(remquo(x, 2, AS(int)), int);                                   // race: race-data
	FILLS(remquof((float)x, 2, AS(int)), int);                           // race: race-data
	FILLS(remquol(x, 2, AS(int)), int);                                  // race: race-data
	FILLS(lgamma_r(x, AS(int)), int);                                    // race: race-data
	FILLS(lgammaf_r((float)x, AS(int)), int);                            // race: race-data
	FILLS(lgammal_r(x, AS(int)), int);                                   // race: race-data
	FILLS(VOID(sincos(x, AS(double), NEXT(double))), double);            // race: race-data
	WRITES(VOID(sincos(x, AS(double), NEXT(double))), A + 7);            // race: race-data
	FILLS(VOID(sincosf((float)x, AS(float), NEXT(float))), float);       // race: race-data
	WRITES(VOID(sincosl(x, AS(long double), NEXT(long double))), A + 9); // race: race-data
}

static char memory[128], ready_memory[64];
static struct random_data ready;
static struct random_data generator[STEPS_MOST];
static struct drand48_data other[STEPS_MOST];
#define RANDOM (&generator[__LINE__])
#define RAND48 (&other[__LINE__])
#define SEED   AS(unsigned short)

static struct random_data *made(struct random_data *at)
{
	static char memories[STEPS_MOST][64];
	MUST(!initstate_r(1, memories[at - generator], 64, at));
	return at;
}

static void generators(void)
{
	FILLS(rand_r(AS(unsigned)), unsigned);                            // race: race-data
	WRITES(initstate_r(1, memory, 64, RANDOM), RANDOM);               // race: race-data
	WRITES(random_r(made(RANDOM), AS(int32_t)), WORDS);               // race: race-data
	WRITES(srandom_r(1, &ready), &ready);                             // race: race-data
	WRITES(srand48_r(1, RAND48), RAND48);                             // race: race-data
	FILLS(drand48_r(RAND48, AS(double)), double);                     // race: race-data
	WRITES(drand48_r(RAND48, AS(double)), RAND48);                    // race: race-data
	FILLS(lrand48_r(RAND48, AS(long)), long);                         // race: race-data
	FILLS(mrand48_r(RAND48, AS(long)), long);                         // race: race-data
	WRITES(erand48_r(SEED, RAND48, NEXT(double)), (char *)WORDS + 5); // race: race-data
	SPARES(erand48_r(SEED, RAND48, NEXT(double)), (char *)WORDS + 6);
	WRITES(nrand48_r(SEED, RAND48, NEXT(long)), A);     // race: race-data
	WRITES(jrand48_r(SEED, RAND48, NEXT(long)), WORDS); // race: race-data
	WRITES(seed48_r(SEED, RAND48), RAND48);             // race: race-data
	READS(lcong48_r(SEED, RAND48), (char *)WORDS + 13); // race: race-data
	STEP(setstate_r(memory, made(RANDOM)), 0);
}

static void steps(void)
{
	mathematics();
	generators();
}

int main(void)
{
	MUST(!initstate_r(1, ready_memory, 64, &ready));
	steps_run();
	return 0;
}
