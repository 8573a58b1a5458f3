#include "sys.h"

void rt_spin_pause(unsigned *tries)
{
	if (++*tries % 256)
		__builtin_ia32_pause();
	else
		rt_sys_yield();
}

void rt_spin_wait(struct rt_spin *spin)
{
	unsigned tries = 0;
	do {
		while (__atomic_load_n(&spin->held, __ATOMIC_RELAXED))
			rt_spin_pause(&tries);
	} while (__atomic_exchange_n(&spin->held, 1, __ATOMIC_ACQUIRE));
}
