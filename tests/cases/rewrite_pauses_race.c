// As rewrite_pauses, but one of two threads does without the lock.
// cflags: -Wl,--no-as-needed -l:libSDL2-2.0.so.0
#include "pair.h"

void SDL_AtomicLock(int *lock);
void SDL_AtomicUnlock(int *lock);

static int lock;
static long counted;

static void count(void)
{
	SDL_AtomicLock(&lock);
	counted++; // race: race-data forgotten
	SDL_AtomicUnlock(&lock);
}

static void forget(void)
{
	counted++; // race: race-data forgotten
}

int main(void)
{
	pair_run(count, forget);
	return 0;
}
