// Wide atomic objects: what they do not order, and what touches them without being atomic.
// cflags: -mcx16
#include "steps.h"

struct big {
	long a, b, c;
};

static _Atomic struct big bigs[STEPS_MOST];
static __int128 wide[STEPS_MOST];

#define BIG       (&bigs[__LINE__])
#define WIDE      (&wide[__LINE__])
#define STORE(at) __atomic_store_n(at, 1, __ATOMIC_RELAXED)
#define LOAD(at)  __atomic_load_n(at, __ATOMIC_ACQUIRE)
#define ADD(at)   __atomic_fetch_add(at, 1, __ATOMIC_ACQUIRE)
#define PLAIN     (((volatile long *)BIG)[2])

static void steps(void)
{
	HANDS(STORE(WIDE), MUST(LOAD(WIDE) == 1));          // race: race-data
	HANDS(ADD(WIDE), ADD(WIDE));                        // race: race-data
	STEP((*BIG = (struct big){1, 2, 3}, 0), PLAIN = 1); // race: race-data
	STEP((STORE(WIDE), 0), *(volatile long *)WIDE = 1); // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
