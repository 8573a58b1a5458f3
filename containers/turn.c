/* Turns: short locks by address, for operations under the detector. */
#include <sched.h>

#include "internal.h"

enum { TURNS = 256, SPINS = 200, YIELDS = 1000 };

static uint32_t turns[TURNS];

uint32_t *container_turn_begin(const void *object)
{
	uint32_t *turn = &turns[((uintptr_t)object >> 3) * 2654435761u % TURNS];
	for (int tries = 0; tries < SPINS + YIELDS; tries++) {
		if (!__atomic_exchange_n(turn, 1, __ATOMIC_ACQUIRE))
			return turn;
		if (tries < SPINS)
			__builtin_ia32_pause();
		else
			sched_yield();
	}
	return turn; /* taken over: its owner is gone, or waits for this thread */
}

void container_turn_end(uint32_t *turn)
{
	__atomic_store_n(turn, 0, __ATOMIC_RELEASE);
}
