/* Two threads that write to bytes of their own in the same granules, epoch after epoch, while they take the granules' page from each
 * other: what a thread recorded is there until it records anew, whatever the other was about to store when it lost the page. Signals
 * interrupt both again and again. With `vfork` the first is a child of vfork, which shares the memory and the thread pointer, but whose
 * sequences the kernel does not know: it may own nothing.
 *
 * usage: owner_test [milliseconds [vfork]] */
#include "shadow/engine.h"
#include "shadow/owner.h"
#include "shadow/page.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/rseq.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 2, GRANULES = 4, ROUNDS_AT_ONCE = 256 };

static uint64_t memory[512] __attribute__((aligned(4096)));
static struct rt_thread *states[THREADS];
static bool stop, is_vfork;
static struct {
	uint64_t rounds, lost, owned;
} told[THREADS];

static bool is_there(const struct rt_thread *self, unsigned granule, unsigned who)
{
	uintptr_t address = (uintptr_t)&memory[granule];
	struct rt_granule *cells = rt_granule_in_use(address), now;
	if (!cells)
		return false;
	now = rt_granule_load(cells);
	for (unsigned i = 0; i < RT_GRANULE_CELLS; i++)
		if (rt_cell_segment(now.cell[i]) == self->segment && rt_cell_mask(now.cell[i]) & 1u << who)
			return true;
	return false;
}

static void do_round(unsigned who, unsigned round)
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION + who};
	unsigned granule = round / 2 % GRANULES;
	char *byte = (char *)&memory[granule] + who;
	struct rt_thread *self = rt_enter();
	rt_sync_release(self, &site, 0x1000 + who, "semaphore"); /* a new epoch */
	self->pages_lost = 0;
	self->shared_changes = 1 + round % 3;
	rt_leave(self);
	rt_access_announced(byte, 1, RT_WRITE, 0x401000 + who);
	told[who].owned += *rt_page_word((uintptr_t)byte) == self->page_word;
	for (unsigned i = 0; i < round % 8; i++)
		__builtin_ia32_pause();
	told[who].lost += !is_there(self, granule, who);
	told[who].rounds++;
}

static void do_rounds(unsigned who)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		for (unsigned i = 0; i < ROUNDS_AT_ONCE; i++)
			do_round(who, i);
}

static void do_rounds_in_child(unsigned who)
{
	do_round(who, 0);
	told[who].owned = 0;
	struct rt_thread *self = rt_enter();
	rt_owner_resign(self);
	rt_leave(self);
	if (!vfork()) {
		do_rounds(who);
		_exit(0);
	}
}

static void *run(void *argument)
{
	unsigned who = (unsigned)(uintptr_t)argument;
	rt_thread_started(states[who], 100 + who, 0, 0);
	if (is_vfork && !who)
		do_rounds_in_child(who);
	else
		do_rounds(who);
	return NULL;
}

static void interrupted(int number)
{
	(void)number;
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"one", "two"};
	long milliseconds = argc > 1 ? atol(argv[1]) : 1000;
	is_vfork = argc > 2;
	char *environment[] = {"RACETRACK_OPTIONS=report=0", NULL};
	pthread_t threads[THREADS];
	rt_name_functions(names, 2);
	if (!rt_start(environment, "/nowhere/libracetrack.so"))
		return 2;
	if (__rseq_size)
		rt_owners_allow(__rseq_offset);
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	signal(SIGUSR1, interrupted);
	for (unsigned i = 0; i < THREADS; i++) {
		states[i] = rt_thread_create(rt_self, &site, false);
		pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)i);
	}
	double end = seconds() + (double)milliseconds / 1000;
	for (unsigned i = 0; seconds() < end; i++) {
		pthread_kill(threads[i % THREADS], SIGUSR1);
		nanosleep(&(struct timespec){0, 20000}, NULL);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	uint64_t lost = told[0].lost + told[1].lost, owned = told[0].owned + told[1].owned;
	printf("%lu rounds, %lu of them with a page of one's own, %lu lost\n",
		(unsigned long)(told[0].rounds + told[1].rounds), (unsigned long)owned, (unsigned long)lost);
	return lost || (is_vfork ? told[0].owned : !owned);
}
