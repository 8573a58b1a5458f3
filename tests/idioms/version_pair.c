// Two counters around a record, of which the writer raises one before it writes and the other after; readers read again where the two differ.
// They are compared as the ends of a vector are, in a loop that goes on whatever comes of it.
// not at: -O0
#include "../idiom.h"

static struct record {
	_Atomic long begun, one, two, ended;
	long own; /* the writer's */
} record;
static atomic_bool stop;

static void *write_all(void *argument)
{
	struct record *r = argument;
	for (long i = 1; i <= rounds; i++) {
		STORE(&r->begun, i, relaxed);
		FENCE(release);
		STORE(&r->one, i, relaxed);
		STORE(&r->two, i, relaxed);
		r->own += i;
		STORE(&r->ended, i, release);
		if (i % 64 == 0)
			sched_yield();
	}
	STORE(&stop, true, release);
	return NULL;
}

static void *read_all(void *argument)
{
	struct record *r = argument;
	long sum = 0, wrong = 0;
	while (!LOAD(&stop, acquire)) {
		long one, two, ended, begun;
		do {
			ended = LOAD(&r->ended, acquire);
			one = LOAD(&r->one, relaxed);
			two = LOAD(&r->two, relaxed);
			FENCE(acquire);
			begun = LOAD(&r->begun, relaxed);
		} while (begun != ended);
		wrong += one != two;
		sum += BROKEN ? r->own : one;
	}
	return (void *)(wrong ? -1 : sum);
}

static int body(void)
{
	pthread_t threads[2];
	void *result;
	pthread_create(&threads[0], NULL, read_all, &record);
	pthread_create(&threads[1], NULL, write_all, &record);
	pthread_join(threads[0], &result);
	pthread_join(threads[1], NULL);
	TELL("%d", (long)result >= 0);
	return 0;
}
