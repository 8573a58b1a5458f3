// A thread does what another one says: by states that it looks at again and again, among other things that it does.
// not at: -Os
#include "../idiom.h"

enum { IDLE, ADD_ONE, ADD_TWO, STOP };

static atomic_int state;
static long value, sum;

static void *serve(void *x)
{
	for (;;) {
		switch (LOAD(&state, acquire)) {
		case ADD_ONE:
			sum += value;
			STORE(&state, IDLE, release);
			break;
		case ADD_TWO:
			sum += 2 * value;
			STORE(&state, IDLE, release);
			break;
		case STOP:
			TELL("%ld", sum);
			return x;
		}
	}
}

static void *ask(void *x)
{
	for (long i = 0; i < rounds; i++) {
		while (LOAD(&state, acquire) != IDLE)
			sched_yield();
		value = i;
		STORE(&state, i % 2 ? ADD_ONE : ADD_TWO, release);
		if (BROKEN)
			value = i;
	}
	while (LOAD(&state, acquire) != IDLE)
		sched_yield();
	STORE(&state, STOP, release);
	return x;
}

static int body(void)
{
	run_two(serve, ask);
	return 0;
}
