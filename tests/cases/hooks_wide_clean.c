// Atomic objects that the compilers leave to libatomic, or to hooks of 16 bytes.
// cflags: -mcx16
#include "steps.h"

struct big {
	long a, b, c;
};
struct two {
	_Alignas(16) long a, b;
};

static _Atomic struct big bigs[STEPS_MOST];
static _Atomic struct two twos[STEPS_MOST];
static __int128 wide[STEPS_MOST];

#define BIG             (&bigs[__LINE__])
#define TWO             (&twos[__LINE__])
#define WIDE            (&wide[__LINE__])

#define STORE(value)    __atomic_store_n(WIDE, value, __ATOMIC_RELEASE)
#define LOAD            __atomic_load_n(WIDE, __ATOMIC_ACQUIRE)
#define ADD(value)      __atomic_fetch_add(WIDE, value, __ATOMIC_RELEASE)
#define SUB(value)      __atomic_fetch_sub(WIDE, value, __ATOMIC_ACQUIRE)
#define OR(value)       __atomic_fetch_or(WIDE, value, __ATOMIC_RELEASE)
#define EXCHANGE(value) __atomic_exchange_n(WIDE, value, __ATOMIC_ACQUIRE)
#define SWAP(from, to)  __sync_bool_compare_and_swap(WIDE, from, to)

static const __int128 high = (__int128)1 << 100;

static void store_big(_Atomic struct big *at)
{
	*at = (struct big){1, 2, 3};
}

static void load_big(_Atomic struct big *at)
{
	struct big seen = *at;
	MUST(seen.a == 1 && seen.b == 2 && seen.c == 3);
}

static void store_two(_Atomic struct two *at)
{
	*at = (struct two){1, 2};
}

static void load_two(_Atomic struct two *at)
{
	struct two seen = *at;
	MUST(seen.a == 1 && seen.b == 2);
}

static void steps(void)
{
	HANDS(store_big(BIG), load_big(BIG));
	HANDS(store_two(TWO), load_two(TWO));
	HANDS(STORE(high), MUST(LOAD == high));
	HANDS(ADD(high), MUST(SUB(1) == high));
	HANDS(OR(high), MUST(EXCHANGE(1) == high));
	HANDS(STORE(high), MUST(SWAP(high, 1)));
	HANDS(STORE(high), MUST(!SWAP(1, 2)));
}

int main(void)
{
	steps_run();
	return 0;
}
