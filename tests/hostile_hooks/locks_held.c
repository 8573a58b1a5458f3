// hostile: 200 locks held at once, in any order of release; those who share one are silent, those who share none race
// compilers: gcc clang
// expect: race-data
// at: race_first race_second
#include <pthread.h>
#include <stdio.h>
#include "planted.h"
enum { LOCKS = 200, ROUNDS = 200 };
static pthread_mutex_t locks[2][LOCKS], shared = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;
static long counted;
static void take(int side)
{
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_lock(&locks[side][i]);
}
static void release(int side, int step)
{
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_unlock(&locks[side][i * step % LOCKS]);
}
static void *work(void *argument)
{
	int side = *(int *)argument;
	for (int round = 0; round < ROUNDS; round++) {
		take(side);
		pthread_mutex_lock(&shared);
		counted++;
		pthread_mutex_unlock(&shared);
		release(side, round % 2 ? 1 : 77);
	}
	gate_wait(&gate, side);
	take(side);
	side ? race_second() : race_first();
	gate_open(&gate, side + 1);
	release(side, 1);
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	int sides[2] = {0, 1};
	for (int side = 0; side < 2; side++)
		for (int i = 0; i < LOCKS; i++)
			pthread_mutex_init(&locks[side][i], NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, &sides[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%ld\n", counted);
	return 0;
}
