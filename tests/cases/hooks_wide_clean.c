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

#define BIG  (&bigs[__LINE__])
#define TWO  (&twos[__LINE__])
#define WIDE (&wide[__LINE__])

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
	HANDS(__atomic_store_n(WIDE, high, __ATOMIC_RELEASE),
		MUST(__atomic_load_n(WIDE, __ATOMIC_ACQUIRE) == high));
	HANDS(__atomic_fetch_add(WIDE, high, __ATOMIC_RELEASE),
		MUST(__atomic_fetch_sub(WIDE, 1, __ATOMIC_ACQUIRE) == high));
	HANDS(__atomic_fetch_or(WIDE, high, __ATOMIC_RELEASE),
		MUST(__atomic_exchange_n(WIDE, 1, __ATOMIC_ACQUIRE) == high));
	HANDS(__atomic_store_n(WIDE, high, __ATOMIC_RELEASE),
		MUST(__sync_bool_compare_and_swap(WIDE, high, high + 1)));
}

int main(void)
{
	steps_run();
	return 0;
}
