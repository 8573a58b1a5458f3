// The guard of a static, looked at where it is seen: it orders who asks it, and nobody else.
#include "pair.h"

struct made {
	volatile int value;
	made()
	{
		value = 7; // race: race-data unasked
	}
};

static made *left;

static made *get(void)
{
	static made one;
	return &one;
}

static void make(void)
{
	__atomic_store_n(&left, get(), __ATOMIC_RELAXED);
}

static void use(void)
{
	MUST(__atomic_load_n(&left, __ATOMIC_RELAXED)->value == 7); // race: race-data unasked
	MUST(get()->value == 7);
}

int main()
{
	pair_run(make, use);
	return 0;
}
