/* A library with a thread that works for others: job by job, which both sides wait for by looking and giving the processor away.
 * It makes no lock, calls no futex, and the worker's loop counts. As OpenBLAS has it. */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

struct job {
	void (*run)(void *argument);
	void *argument;
};

static struct worker {
	struct job *volatile job;
	long looks;
} worker;

static void *work(void *argument)
{
	for (;;) {
		while (!worker.job) {
			worker.looks++;
			sched_yield();
		}
		if (!worker.job->run)
			return argument;
		worker.job->run(worker.job->argument);
		worker.job = NULL;
	}
}

void hand_over(void (*run)(void *argument), void *argument)
{
	static pthread_t thread;
	struct job job = {run, argument};
	if (!thread)
		pthread_create(&thread, NULL, work, NULL);
	worker.job = &job;
	while (run && worker.job)
		sched_yield();
	if (!run)
		pthread_join(thread, NULL);
}
