// Two threads take turns by words of an object on the heap, and sleep by the kernel's futex where it is not theirs.
#include "../idiom.h"

static struct turns {
	long words[8];
	char between[60];
	atomic_int put, taken;
} * turns;

static void wait_for(atomic_int *word, int value)
{
	for (;;) {
		int seen = LOAD(word, acquire);
		if (seen == value)
			break;
		syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
	}
}

static void set(atomic_int *word, int value)
{
	STORE(word, value, release);
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *puts_in(void *x)
{
	for (int i = 1; i <= rounds; i++) {
		wait_for(&turns->taken, i - 1);
		for (int k = 0; k < 8; k++)
			turns->words[k] = i + k;
		set(&turns->put, i);
		if (BROKEN)
			turns->words[2] = i + 2;
	}
	return x;
}

static void *takes_out(void *x)
{
	long sum = 0;
	for (int i = 1; i <= rounds; i++) {
		wait_for(&turns->put, i);
		for (int k = 0; k < 8; k++)
			sum += turns->words[k];
		set(&turns->taken, i);
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	turns = calloc(1, sizeof(*turns));
	run_two(puts_in, takes_out);
	free(turns);
	return 0;
}
