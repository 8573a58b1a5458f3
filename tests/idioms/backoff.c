// Who waits lets time pass by a number of pauses, and counts in a thread-local variable when to let others run.
// not at: -O0
#include "../idiom.h"

struct mail {
	long words[4];
	atomic_uint put;
	char between[60];
	atomic_uint taken;
};
static struct mail *mail;

static void back_off(void)
{
	static _Thread_local unsigned times;
	if (++times % 64)
		relax();
	else
		sched_yield();
}

static void *puts_in(void *x)
{
	for (unsigned i = 1; i <= rounds; i++) {
		while (LOAD(&mail->taken, acquire) != i - 1)
			back_off();
		for (int k = 0; k < 4; k++)
			mail->words[k] = i + k;
		STORE(&mail->put, i, release);
		if (BROKEN)
			mail->words[1] = i + 1;
	}
	return x;
}

static void *takes_out(void *x)
{
	long sum = 0;
	for (unsigned i = 1; i <= rounds; i++) {
		while (LOAD(&mail->put, acquire) != i)
			for (int k = 0; k < 10; k++)
				relax();
		for (int k = 0; k < 4; k++)
			sum += mail->words[k];
		STORE(&mail->taken, i, release);
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	mail = calloc(1, sizeof(*mail));
	run_two(puts_in, takes_out);
	free(mail);
	return 0;
}
