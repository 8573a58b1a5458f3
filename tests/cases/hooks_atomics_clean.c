// What atomic operations order by ISO C11 5.1.2.4 and 7.17.3-4: each line hands memory over in another way.
#include "steps.h"

static uint8_t bytes[STEPS_MOST];
static uint16_t halves[STEPS_MOST];
static uint32_t words[STEPS_MOST];
static uint64_t longs[STEPS_MOST];

#define RELAXED                     __ATOMIC_RELAXED
#define CONSUME                     __ATOMIC_CONSUME
#define ACQUIRE                     __ATOMIC_ACQUIRE
#define RELEASE                     __ATOMIC_RELEASE
#define ACQ_REL                     __ATOMIC_ACQ_REL
#define SEQ_CST                     __ATOMIC_SEQ_CST

#define WORD                        (&words[__LINE__])
#define STORE(order)                __atomic_store_n(WORD, 1, order)
#define LOAD(order)                 MUST(__atomic_load_n(WORD, order) != 0)
#define ADD(order)                  __atomic_fetch_add(WORD, 1, order)
#define FENCE(order)                __atomic_thread_fence(order)

#define PUT(array)                  __atomic_store_n(&array[__LINE__], 1, RELEASE)
#define GET(array)                  MUST(__atomic_load_n(&array[__LINE__], ACQUIRE) == 1)
#define CLEAR(array)                __atomic_clear(&array[__LINE__], RELEASE)
#define SET(array)                  MUST(!__atomic_test_and_set(&array[__LINE__], ACQUIRE))

/* from what is there, or not, to 5 */
#define SWAP(order, other)          MUST(swap(WORD, 1, order, other))
#define FAIL(order, other)          MUST(!swap(WORD, 7, order, other))
#define swap(at, old, order, other) __atomic_compare_exchange_n(at, &(uint32_t){old}, 5, 0, order, other)

static void steps(void)
{
	/* by a store */
	HANDS(STORE(RELEASE), LOAD(ACQUIRE));
	HANDS(STORE(RELEASE), LOAD(CONSUME));
	HANDS(STORE(SEQ_CST), LOAD(SEQ_CST));
	HANDS(PUT(bytes), GET(bytes));
	HANDS(PUT(halves), GET(halves));
	HANDS(PUT(longs), GET(longs));
	/* by a change */
	HANDS(ADD(RELEASE), LOAD(ACQUIRE));
	HANDS(ADD(RELEASE), ADD(ACQUIRE));
	HANDS(ADD(ACQ_REL), ADD(ACQ_REL));
	HANDS(__atomic_fetch_sub(WORD, 1, RELEASE), __atomic_fetch_sub(WORD, 1, ACQUIRE));
	HANDS(__atomic_fetch_or(WORD, 1, RELEASE), __atomic_fetch_and(WORD, 1, ACQUIRE));
	HANDS(__atomic_fetch_xor(WORD, 1, RELEASE), __atomic_fetch_nand(WORD, 1, ACQUIRE));
	HANDS(__atomic_exchange_n(WORD, 1, RELEASE), MUST(__atomic_exchange_n(WORD, 2, ACQUIRE) == 1));
	HANDS(CLEAR(bytes), SET(bytes));
	HANDS(__sync_lock_release(WORD), MUST(!__sync_lock_test_and_set(WORD, 1)));
	HANDS(__sync_fetch_and_add(WORD, 1), __sync_fetch_and_sub(WORD, 1));
	/* by a compare and exchange, also one that finds another value */
	HANDS(STORE(RELEASE), SWAP(ACQUIRE, RELAXED));
	HANDS(STORE(RELEASE), FAIL(ACQUIRE, ACQUIRE));
	HANDS((STORE(RELAXED), SWAP(RELEASE, RELAXED)), LOAD(ACQUIRE));
	/* by a release sequence: atomic changes go on with what another thread released */
	HANDS((STORE(RELEASE), ADD(RELAXED)), LOAD(ACQUIRE));
	HANDS(STORE(RELEASE), (ADD(RELAXED), LOAD(ACQUIRE)));
	HANDS(STORE(RELEASE), (ADD(RELEASE), LOAD(ACQUIRE)));
	/* by fences */
	HANDS((FENCE(RELEASE), STORE(RELAXED)), (LOAD(RELAXED), FENCE(ACQUIRE)));
	HANDS((FENCE(SEQ_CST), STORE(RELAXED)), (LOAD(RELAXED), FENCE(SEQ_CST)));
	HANDS((FENCE(ACQ_REL), ADD(RELAXED)), (ADD(RELAXED), FENCE(ACQ_REL)));
	HANDS((FENCE(RELEASE), STORE(RELAXED)), LOAD(ACQUIRE));
	HANDS(STORE(RELEASE), (LOAD(RELAXED), FENCE(ACQUIRE)));
	HANDS(ADD(RELEASE), (ADD(RELAXED), FENCE(ACQUIRE)));
	HANDS(STORE(RELEASE), (FAIL(RELAXED, RELAXED), FENCE(ACQUIRE)));
}

int main(void)
{
	steps_run();
	return 0;
}
