// Who is woken by a futex call comes after who woke it, also where it was moved to another word meanwhile.
#define _GNU_SOURCE
#include <linux/futex.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "pair.h"

enum { WAYS = 8 };

static unsigned words[WAYS][2], owned;
static char data[WAYS];
static struct gate going;
static pid_t waiter_id;

static long call(
	unsigned *word, int operation, unsigned value, unsigned long more, unsigned *other, unsigned mask)
{
	return syscall(SYS_futex, word, operation, value, more, other, mask);
}

static void wait_for_word(int way)
{
	unsigned *word = words[way];
	int operation = way == 1 ? FUTEX_WAIT_PRIVATE : way == 2 ? FUTEX_WAIT_BITSET : FUTEX_WAIT;
	gate_open(&going, way + 1);
	MUST(call(word, operation, 0, 0, NULL, 4) == 0);
}

/* Until there was somebody to wake, or to move. */
#define UNTIL_ONE(wake)                                                                                      \
	while ((wake) != 1)                                                                                  \
	sched_yield()

static void wake(int way)
{
	unsigned *word = words[way];
	switch (way) {
	case 1:
		UNTIL_ONE(call(word, FUTEX_WAKE_PRIVATE, 1, 0, NULL, 0));
		break;
	case 2:
		UNTIL_ONE(call(word, FUTEX_WAKE_BITSET, 1, 0, NULL, 4));
		break;
	case 3:
		UNTIL_ONE(call(
			word + 1, FUTEX_WAKE_OP, 0, 1, word, FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0)));
		break;
	case 4:
		UNTIL_ONE(call(word, FUTEX_REQUEUE, 0, 1, word + 1, 0));
		racetrack_write(&data[way], 1);
		UNTIL_ONE(call(word + 1, FUTEX_WAKE, 1, 0, NULL, 0));
		break;
	case 5:
		UNTIL_ONE(call(word, FUTEX_CMP_REQUEUE, 0, 1, word + 1, 0));
		racetrack_write(&data[way], 1);
		UNTIL_ONE(call(word + 1, FUTEX_WAKE, 1, 0, NULL, 0));
		break;
	default:
		UNTIL_ONE(call(word, FUTEX_WAKE, 1, 0, NULL, 0));
	}
}

static void *run_waiter(void *unused)
{
	waiter_id = (pid_t)syscall(SYS_gettid);
	for (int way = 0; way < 6; way++) {
		wait_for_word(way);
		racetrack_write(&data[way], 1);
	}
	MUST(call(&owned, FUTEX_LOCK_PI, 0, 0, NULL, 0) == 0);
	racetrack_write(&data[6], 1);
	return unused;
}

/* The owner of a word that stands for its thread. */
static void own(void)
{
	MUST(call(&owned, FUTEX_TRYLOCK_PI, 0, 0, NULL, 0) == 0);
}

static int wanted(void)
{
	unsigned now;
	gate_copy(310, (int *)&now, (struct gate *)(void *)&owned);
	return now & FUTEX_WAITERS;
}

int main(void)
{
	pthread_t waiter;
	own();
	MUST(!pthread_create(&waiter, NULL, run_waiter, NULL));
	for (int way = 0; way < 6; way++) {
		gate_wait(&going, way + 1);
		racetrack_write(&data[way], 1);
		wake(way);
	}
	racetrack_write(&data[6], 1);
	while (!wanted())
		sched_yield();
	MUST(call(&owned, FUTEX_UNLOCK_PI, 0, 0, NULL, 0) == 0);
	pthread_join(waiter, NULL);
	printf("%s\n", waiter_id ? "woken" : "not woken");
	return 0;
}
