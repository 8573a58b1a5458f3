// A count that one thread adds to a thousand times before anybody looks at it, as to a statistic; then somebody does, and takes it for
// how much there is. Another is looked at when the thread that counted is gone.
#include "../idiom.h"

enum {
	FIRST = 1000 /* long enough to be taken for a statistic */,
	MOST = 1 << 20,
	UNTIL_IT_IS = 30000 /* us */
};

static long values[MOST], others[FIRST];
static atomic_long made, made_by_other;

static void *give(void *x)
{
	for (long i = 0; i < FIRST + rounds; i++) {
		values[i] = i;
		ADD(&made, 1, release);
		if (BROKEN)
			values[i] = -i;
		if (i == FIRST)
			usleep(2 * UNTIL_IT_IS); /* somebody looks */
		else if (i > FIRST)
			sched_yield();
	}
	return x;
}

static void *give_and_go(void *x)
{
	for (long i = 0; i < FIRST; i++) {
		others[i] = i;
		ADD(&made_by_other, 1, release);
	}
	return x;
}

static void *take(void *x)
{
	long sum = 0;
	usleep(UNTIL_IT_IS);
	for (long i = 0; i < FIRST + rounds; i++) {
		while (LOAD(&made, acquire) <= i)
			relax();
		sum += values[i];
	}
	while (LOAD(&made_by_other, acquire) < FIRST)
		relax();
	for (long i = 0; i < FIRST; i++)
		sum += others[i];
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	pthread_t taker, giver, other;
	pthread_create(&taker, NULL, take, NULL);
	pthread_create(&giver, NULL, give, NULL);
	pthread_create(&other, NULL, give_and_go, NULL);
	pthread_join(other, NULL);
	pthread_join(giver, NULL);
	pthread_join(taker, NULL);
	return 0;
}
