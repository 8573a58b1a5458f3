/* A thread that looked at a flag, and is interrupted before its load, does not find what another one stores as the flag becomes a sync
 * variable: the store waits for it. One that does not come back is waited for only so long. */
#include "shadow/engine.h"
#include "shadow/infer.h"
#include "shadow/thread.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 20,
	LEAST = 15,       /* of them: others may want the processors */
	INTERRUPTED = 300 /* us */
};

static int flags[ROUNDS][16] __attribute__((aligned(64)));
static unsigned looked, storing, early;
static struct rt_thread *looker;

static void wait_for(const unsigned *count, unsigned least)
{
	while (__atomic_load_n(count, __ATOMIC_ACQUIRE) < least)
		usleep(10);
}

/* As the slow path of a check does. */
static void check(int *flag, bool writes)
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	struct rt_plain plain = {.reads = !writes, .writes = writes, .flag = true};
	struct rt_thread *self = rt_enter();
	if (!rt_infer_access(self, &site, (uintptr_t)flag, sizeof(*flag), plain))
		rt_access(self, &site, flag, sizeof(*flag), writes ? RT_SET_WRITE : RT_TESTED_READ,
			RT_CLASS_DATA);
	rt_leave(self);
}

static void *look(void *unused)
{
	rt_thread_started(looker, (int)gettid(), 0, 0);
	for (unsigned round = 0; round < ROUNDS; round++) {
		check(flags[round], false);
		__atomic_store_n(&looked, round + 1, __ATOMIC_RELEASE);
		wait_for(&storing, round + 1);
		usleep(INTERRUPTED);
		early += !__atomic_load_n(flags[round], __ATOMIC_RELAXED);
		check(flags[round], false);
	}
	return unused;
}

static void store(int *flag, unsigned round)
{
	wait_for(&looked, round + 1);
	__atomic_store_n(&storing, round + 1, __ATOMIC_RELEASE);
	check(flag, true);
	__atomic_store_n(flag, 1, __ATOMIC_RELAXED);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* How long it takes to store to what somebody looked at who does not come back. */
static double store_for_nobody(void)
{
	static int lonely[64];
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	struct rt_thread *absent = rt_thread_create(rt_self, &site, false);
	struct rt_plain plain = {.reads = true, .flag = true};
	double begin;
	rt_thread_created(rt_self, absent, 1);
	for (unsigned i = 0; i < RT_COUNT(lonely); i++)
		if (!rt_infer_access(absent, &site, (uintptr_t)&lonely[i], sizeof(int), plain))
			rt_access(absent, &site, &lonely[i], sizeof(int), RT_TESTED_READ, RT_CLASS_DATA);
	begin = seconds();
	for (unsigned i = 0; i < RT_COUNT(lonely); i++)
		check(&lonely[i], true);
	return seconds() - begin;
}

int main(void)
{
	static const char *const names[] = {"one"};
	char *environment[] = {(char *)"RACETRACK_OPTIONS=report=0", NULL};
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	pthread_t thread;
	rt_name_functions(names, 1);
	if (!rt_start(environment, "/nowhere/libracetrack.so"))
		return 2;
	looker = rt_thread_create(rt_self, &site, false);
	pthread_create(&thread, NULL, look, NULL);
	for (unsigned round = 0; round < ROUNDS; round++)
		store(flags[round], round);
	pthread_join(thread, NULL);
	double waited = store_for_nobody();
	printf("%u of %u loads came before the store; for who is absent it waited %.2f s\n", early, ROUNDS,
		waited);
	return early < LEAST || waited > 2;
}
