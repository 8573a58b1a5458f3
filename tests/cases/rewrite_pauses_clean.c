// The lock of a library of the system's that waits for it by `pause`, calls no futex, and gives it back by a plain store: SDL's.
// cflags: -Wl,--no-as-needed -l:libSDL2-2.0.so.0
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 3, ROUNDS = 2000 };

void SDL_AtomicLock(int *lock);
void SDL_AtomicUnlock(int *lock);

static int lock;
static long counted;

static void *count(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		SDL_AtomicLock(&lock);
		counted++;
		SDL_AtomicUnlock(&lock);
	}
	return unused;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, count, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%ld\n", counted);
	return counted != (long)THREADS * ROUNDS;
}
