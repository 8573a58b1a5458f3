// A flag that is not what it was: the loop compares a byte that it makes of what it loaded, as std::atomic<bool>::wait does.
#include "../idiom.h"

struct gate {
	atomic_uchar open;
	long value;
};

static __attribute__((noinline)) void wait_while(struct gate *gate, bool old)
{
	for (int i = 0; (LOAD(&gate->open, acquire) != 0) == old; i++) {
		if (i < 12)
			relax();
		else
			sched_yield();
	}
}

static void *take(void *argument)
{
	struct gate *gate = argument;
	wait_while(gate, rounds < 0);
	TELL("%ld", gate->value);
	return NULL;
}

static int body(void)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	pthread_t taker;
	pthread_create(&taker, NULL, take, gate);
	usleep(1000);
	if (!BROKEN)
		gate->value = 7;
	STORE(&gate->open, 1, release);
	if (BROKEN)
		gate->value = 7;
	pthread_join(taker, NULL);
	return 0;
}
