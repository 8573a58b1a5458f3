/* A lock that nobody else had since its thread let go begins no epoch: what the thread does with it is of the epoch of before, however
 * often it takes it. What it does without the lock, or after somebody else had it, is of another one. Whether races are found all
 * the same is model_test.c's. */
#include "shadow/engine.h"
#include "shadow/thread.h"

#include <stdio.h>

enum { A = 0x100000, B = 0x200000, ROUNDS = 100000 };

static char memory[64] __attribute__((aligned(64)));
static struct rt_thread *one, *other;
static unsigned failed;

static void lock(struct rt_thread *self, uint64_t key)
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	rt_lock_acquire(self, &site, key, "mutex", RT_LOCK_EXCLUSIVE);
}

static void unlock(struct rt_thread *self, uint64_t key)
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	rt_lock_release(self, &site, key, "mutex");
}

/* The epoch that it is of. */
static uint32_t write_at(struct rt_thread *self, unsigned offset)
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	rt_access(self, &site, memory + offset, 1, RT_WRITE, RT_CLASS_DATA);
	return self->segment;
}

static uint32_t write_locked(struct rt_thread *self, uint64_t key, unsigned offset)
{
	lock(self, key);
	uint32_t epoch = write_at(self, offset);
	unlock(self, key);
	return epoch;
}

static void expect(bool is, const char *what)
{
	if (!is)
		printf("wrong: %s\n", what);
	failed += !is;
}

static void try_one_lock(void)
{
	uint32_t first = write_locked(one, A, 0), outside = write_at(one, 8);
	expect(outside != first, "what comes after a release is of another epoch");
	expect(write_locked(one, A, 0) == first, "taken again, the first epoch goes on");
	expect(write_at(one, 8) > outside, "the next release ends what was outside");
	write_locked(other, A, 16);
	expect(write_locked(one, A, 0) > outside, "somebody else had it");
}

static void try_two_locks(void)
{
	lock(one, A);
	uint32_t first = write_at(one, 0);
	expect(write_locked(one, B, 8) == first, "a second lock begins nothing");
	expect(write_at(one, 0) != first, "the second was released");
	expect(write_locked(one, B, 8) == first, "and is taken again");
	unlock(one, A);
	lock(one, A);
	expect(write_at(one, 0) != first, "the second is still to be had by others");
	unlock(one, A);
}

/* A release is somebody's also where it is that of a lock that the thread takes again. */
static void try_published(void)
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	uint32_t first = write_locked(one, A, 0);
	rt_sync_release(one, &site, B + 64, "semaphore");
	expect(write_locked(one, A, 0) != first, "what a semaphore tells stays told");
	lock(one, A);
	unlock(one, A);
	uint32_t before = write_locked(one, A, 0);
	lock(other, A);
	unlock(other, A);
	expect(write_locked(one, A, 0) != before, "a lock that another thread had, though it did nothing");
}

static void try_often(void)
{
	uint32_t last = write_locked(one, A, 0), changes = 0, moved = one->segment + one->behind;
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint32_t epoch = write_locked(one, A, 0);
		changes += epoch != last;
		last = epoch;
	}
	expect(changes == 0 && one->segment + one->behind == moved, "no epoch is used up");
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint32_t epoch = write_locked(one, A, 0);
		changes += epoch != last;
		last = epoch;
		write_at(one, 8);
	}
	expect(changes && changes <= ROUNDS >> RT_EPOCH_BITS, "an epoch for each block of them");
}

int main(void)
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	static const char *const names[] = {"one"};
	char *environment[] = {(char *)"RACETRACK_OPTIONS=report=0", NULL};
	rt_name_functions(names, 1);
	if (!rt_start(environment, "/nowhere/libracetrack.so"))
		return 2;
	one = rt_self;
	other = rt_thread_create(one, &site, false);
	rt_thread_created(one, other, 1);
	try_one_lock();
	try_two_locks();
	try_published();
	try_often();
	printf("%s\n", failed ? "epochs end that should not, or the other way round" : "they go on, and end");
	return failed != 0;
}
