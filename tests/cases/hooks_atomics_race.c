// What atomic operations do not order, although the one sees what the other wrote.
#include "steps.h"

static uint32_t words[STEPS_MOST], others[STEPS_MOST];

#define RELAXED            __ATOMIC_RELAXED
#define ACQUIRE            __ATOMIC_ACQUIRE
#define RELEASE            __ATOMIC_RELEASE

#define WORD               (&words[__LINE__])
#define OTHER              (&others[__LINE__])
#define STORE(order)       __atomic_store_n(WORD, 1, order)
#define LOAD(order)        MUST(__atomic_load_n(WORD, order) != 0)
#define ADD(order)         __atomic_fetch_add(WORD, 1, order)
#define FENCE(order)       __atomic_thread_fence(order)
#define SIGNAL(order)      __atomic_signal_fence(order)

/* finds another value than 7 */
#define FAIL(order, other) MUST(!__atomic_compare_exchange_n(WORD, &(uint32_t){7}, 5, 0, order, other))

/* A compiler that makes one call of the two has no line for it. */
#define APART                                                                                                \
	({                                                                                                   \
		__asm__ volatile("# apart");                                                                 \
		0;                                                                                           \
	})

static __thread volatile uint32_t own_sink;

static void steps(void)
{
	HANDS(STORE(RELAXED), LOAD(ACQUIRE));                                            // race: race-data
	HANDS(STORE(RELEASE), LOAD(RELAXED));                                            // race: race-data
	HANDS(ADD(RELAXED), ADD(ACQUIRE));                                               // race: race-data
	HANDS(ADD(ACQUIRE), ADD(ACQUIRE));                                               // race: race-data
	HANDS(ADD(RELEASE), ADD(RELEASE));                                               // race: race-data
	HANDS(STORE(RELEASE), FAIL(ACQUIRE, RELAXED));                                   // race: race-data
	HANDS(STORE(RELEASE), MUST(!__atomic_load_n(OTHER, ACQUIRE)));                   // race: race-data
	HANDS((STORE(RELEASE), 0), (__atomic_store_n(WORD, 2, RELAXED), LOAD(ACQUIRE))); // race: race-data
	HANDS((STORE(RELAXED), FENCE(RELEASE)), LOAD(ACQUIRE));                          // race: race-data
	HANDS(STORE(RELEASE), (FENCE(ACQUIRE), LOAD(RELAXED)));                          // race: race-data
	HANDS((FENCE(ACQUIRE), STORE(RELAXED)), LOAD(ACQUIRE));                          // race: race-data
	HANDS(STORE(RELEASE), (LOAD(RELAXED), FENCE(RELEASE)));                          // race: race-data
	HANDS((SIGNAL(RELEASE), STORE(RELAXED)), (LOAD(RELAXED), SIGNAL(ACQUIRE)));      // race: race-data
	HANDS((STORE(RELEASE), racetrack_write(WORDS, 1), APART), LOAD(ACQUIRE));        // race: race-data
	/* an atomic access, and one that is none */
	STEP((STORE(RELAXED), 0), own_sink = *WORD);     // race: race-data
	STEP(__atomic_load_n(WORD, RELAXED), *WORD = 1); // race: race-data
	STEP((STORE(RELAXED), 0), LOAD(RELAXED));
}

int main(void)
{
	steps_run();
	return 0;
}
