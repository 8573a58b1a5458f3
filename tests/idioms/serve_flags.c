// A thread that is told what to do by flags on the heap, looks at two of them, and lets others run where none is set.
#include "../idiom.h"

struct orders {
	long value, sum;
	atomic_bool work, quit;
	atomic_long done;
};

static void *serve(void *x)
{
	struct orders *orders = x;
	long done = 0;
	for (;;) {
		if (LOAD(&orders->quit, acquire))
			break;
		if (!LOAD(&orders->work, acquire)) {
			sched_yield();
			continue;
		}
		orders->sum += orders->value;
		STORE(&orders->work, false, relaxed);
		STORE(&orders->done, ++done, release);
	}
	return x;
}

static int body(void)
{
	struct orders *orders = calloc(1, sizeof(*orders));
	pthread_t thread;
	pthread_create(&thread, NULL, serve, orders);
	for (long i = 1; i <= rounds; i++) {
		orders->value = i;
		STORE(&orders->work, true, release);
		if (BROKEN)
			orders->value = i;
		while (LOAD(&orders->done, acquire) != i)
			sched_yield();
	}
	STORE(&orders->quit, true, release);
	pthread_join(thread, NULL);
	TELL("%ld", orders->sum);
	free(orders);
	return 0;
}
