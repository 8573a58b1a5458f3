/*
 * What one pair of lock and unlock costs, by the number of live threads that take turns on 64 locks. In its turn a thread
 * takes each lock once; only these are timed. The turn goes round by relaxed atomics and futex: that orders nothing for a
 * detector, so every lock brings the news of all the threads that had it since. Prints `threads nanoseconds` a line.
 */
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "common.h"

enum { LOCKS = 64, MOST_THREADS = 1024, BASE_TURNS = 8192 };

static struct {
	pthread_mutex_t lock;
	uint64_t value;
} guarded[LOCKS];
static atomic_uint turns_due[MOST_THREADS]; /* how many turns the thread has been given */
static uint64_t burst_ns;                   /* guarded[0].lock */
static unsigned live;
static size_t laps;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void give_turn(unsigned thread)
{
	atomic_fetch_add_explicit(&turns_due[thread], 1, memory_order_relaxed);
	syscall(SYS_futex, &turns_due[thread], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void await_turn(unsigned thread, unsigned turn)
{
	unsigned due;

	while ((due = atomic_load_explicit(&turns_due[thread], memory_order_relaxed)) < turn)
		syscall(SYS_futex, &turns_due[thread], FUTEX_WAIT_PRIVATE, due, NULL, NULL, 0);
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;

	for (unsigned lap = 1; lap <= laps; lap++) {
		uint64_t start, spent;

		await_turn(worker->index, lap);
		start = now_ns();
		for (unsigned i = 0; i < LOCKS; i++) {
			pthread_mutex_lock(&guarded[i].lock);
			guarded[i].value++;
			pthread_mutex_unlock(&guarded[i].lock);
		}
		spent = now_ns() - start;
		pthread_mutex_lock(&guarded[0].lock);
		burst_ns += spent;
		pthread_mutex_unlock(&guarded[0].lock);
		give_turn((worker->index + 1) % live);
	}
	return NULL;
}

static void measure(unsigned threads, size_t turns)
{
	static struct bench_worker workers[MOST_THREADS];

	live = threads;
	laps = turns / threads ? turns / threads : 1;
	burst_ns = 0;
	for (unsigned i = 0; i < threads; i++)
		atomic_store_explicit(&turns_due[i], 0, memory_order_relaxed);
	bench_start(workers, threads, work);
	give_turn(0);
	bench_join(workers, threads);
	printf("%u %.1f\n", threads, (double)burst_ns / (double)(laps * threads * LOCKS));
}

int main(int argc, char **argv)
{
	static const unsigned counts[] = {2, 16, 128, MOST_THREADS};
	size_t turns = bench_scaled(argc, argv, BASE_TURNS);

	for (unsigned i = 0; i < LOCKS; i++)
		pthread_mutex_init(&guarded[i].lock, NULL);
	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		measure(counts[i], turns);
	return 0;
}
