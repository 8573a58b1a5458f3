// Who waits looks through the flags of as many as there are, until none is unset, and lets others run in between.
// not at: -Os
#include "../idiom.h"

enum { MOST = 4 };
struct team {
	int count;
	atomic_bool *done;
	long *results;
};
static struct team team;

static void *work(void *x)
{
	long me = (long)x;
	for (long i = 0; i < rounds; i++)
		team.results[me] += i;
	STORE(&team.done[me], true, release);
	if (BROKEN)
		team.results[me]++;
	return x;
}

static __attribute__((noinline)) void wait_for(struct team *all)
{
	for (;;) {
		bool waits = false;
		for (int i = 0; i < all->count && !waits; i++)
			if (!LOAD(&all->done[i], acquire))
				waits = true;
		if (!waits)
			break;
		sched_yield();
	}
}

static int body(void)
{
	pthread_t threads[MOST];
	long s = 0;
	team = (struct team){MOST, calloc(MOST, sizeof(atomic_bool)), calloc(MOST, sizeof(long))};
	for (long i = 0; i < MOST; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	wait_for(&team);
	for (int i = 0; i < MOST; i++)
		s += team.results[i];
	for (int i = 0; i < MOST; i++)
		pthread_join(threads[i], NULL);
	TELL("%ld", s);
	free(team.done);
	free(team.results);
	return 0;
}
