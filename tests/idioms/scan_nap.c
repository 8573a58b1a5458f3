// Who takes what eight others offer naps until all of them have, for a time that stands in the frame.
#include "../idiom.h"

#include <time.h>

enum { MOST = 8, TURNS = 50 };
struct desk {
	atomic_size_t ready[MOST];
	long papers[MOST];
	atomic_int taken;
};
static struct desk *desk;

static void *offers(void *x)
{
	for (int turn = 1; turn <= TURNS; turn++) {
		while (LOAD(&desk->taken, acquire) != turn - 1)
			;
		for (int i = 0; i < MOST; i++) {
			if (!BROKEN)
				desk->papers[i] = turn + i;
			STORE(&desk->ready[i], 1, release);
			if (BROKEN)
				desk->papers[i] = turn + i;
		}
	}
	return x;
}

static void *takes(void *x)
{
	long sum = 0;
	for (int turn = 1; turn <= TURNS; turn++) {
		for (;;) {
			int i = 0;
			while (i < MOST && LOAD(&desk->ready[i], acquire))
				i++;
			if (i == MOST)
				break;
			nanosleep(&(struct timespec){0, 1000}, NULL);
		}
		for (int i = 0; i < MOST; i++) {
			sum += desk->papers[i];
			STORE(&desk->ready[i], 0, relaxed);
		}
		STORE(&desk->taken, turn, release);
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	desk = calloc(1, sizeof(*desk));
	run_two(offers, takes);
	free(desk);
	return 0;
}
