// Spin locks on the stack of a thread that uses them from callees of all depths, and from another function's part, while another
// thread does, too: they stay locks as long as their function runs, whatever has been where they lie before.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { LOCKS = 8, TURNS = 40, CALLS = 4, DEPTH = 6 };

struct locks {
	struct {
		atomic_int held;
		long count;
	} lock[LOCKS];
};

static struct locks *_Atomic current;
static atomic_int done;

static __attribute__((noinline)) void count(struct locks *locks, int which, int depth)
{
	if (depth) {
		count(locks, which, depth - 1);
		__asm__ volatile("" ::: "memory");
		return;
	}
	while (atomic_exchange_explicit(&locks->lock[which].held, 1, memory_order_acquire))
		sched_yield();
	locks->lock[which].count++;
	atomic_store_explicit(&locks->lock[which].held, 0, memory_order_release);
	__asm__ volatile("" ::: "memory");
}

/* Plain variables where the locks of the one before were, and of the next will be. */
static __attribute__((noinline)) void uses_stack(void)
{
	long words[2 * LOCKS + 16];
	for (int round = 0; round < 50; round++)
		for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			words[i] = round;
			__asm__ volatile("" : : "r"(words) : "memory");
		}
}

static __attribute__((noinline)) void has_locks(void)
{
	struct locks locks;
	for (int i = 0; i < LOCKS; i++) {
		atomic_init(&locks.lock[i].held, 0);
		locks.lock[i].count = 0;
	}
	atomic_store(&done, 0);
	atomic_store(&current, &locks);
	for (int call = 0; call < CALLS * LOCKS; call++)
		count(&locks, call % LOCKS, call % DEPTH);
	while (!atomic_load(&done))
		sched_yield();
	for (int i = 0; i < LOCKS; i++)
		if (locks.lock[i].count != 2 * CALLS)
			abort();
}

static void *other(void *unused)
{
	for (int turn = 0; turn < TURNS; turn++) {
		struct locks *locks;
		while (!(locks = atomic_exchange(&current, NULL)))
			sched_yield();
		for (int call = 0; call < CALLS * LOCKS; call++)
			count(locks, call % LOCKS, 0);
		atomic_store(&done, 1);
	}
	return unused;
}

int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, other, NULL);
	for (int turn = 0; turn < TURNS; turn++) {
		has_locks();
		uses_stack();
	}
	pthread_join(thread, NULL);
	return 0;
}
