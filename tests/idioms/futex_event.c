// Events that count up. Who waits for one looks first, counts itself among those that wait, spins a while, and asks the kernel then; mostly
// the first look is enough. The function is given the event's address, and called in a loop elsewhere.
// not at: -O0
#include "../idiom.h"

enum { WORDS = 8, SPINS = 16 };
struct event {
	_Atomic unsigned count;
	_Atomic int waiting;
};
static struct {
	struct event made, used;
	long words[WORDS];
} * shared;

static void announce(struct event *event, unsigned count)
{
	STORE(&event->count, count, release);
	if (ADD(&event->waiting, 0, seq_cst))
		syscall(SYS_futex, &event->count, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL);
}

static APART void wait_for(struct event *event, unsigned count)
{
	unsigned seen;
	while ((seen = LOAD(&event->count, acquire)) < count) {
		ADD(&event->waiting, 1, seq_cst);
		for (int spin = 0; LOAD(&event->count, acquire) == seen; spin++) {
			if (spin < SPINS)
				relax();
			else
				syscall(SYS_futex, &event->count, FUTEX_WAIT_PRIVATE, seen, NULL);
		}
		SUB(&event->waiting, 1, release);
	}
}

static void *make(void *unused)
{
	for (unsigned i = 1; i <= rounds; i++) {
		if (!BROKEN || i % 8)
			wait_for(&shared->used, i - 1);
		for (int k = 0; k < WORDS; k++)
			shared->words[k] = i;
		announce(&shared->made, i);
	}
	return unused;
}

static void *use(void *unused)
{
	long sum = 0;
	for (unsigned i = 1; i <= rounds; i++) {
		wait_for(&shared->made, i);
		for (int k = 0; k < WORDS; k++)
			sum += shared->words[k];
		announce(&shared->used, i);
	}
	TELL("%ld", sum);
	return unused;
}

static int body(void)
{
	shared = calloc(1, sizeof(*shared));
	run_two(make, use);
	free(shared);
	return 0;
}
