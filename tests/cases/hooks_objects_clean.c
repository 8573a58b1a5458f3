// Objects of synchronisation that come and go in good order: in memory that is used again, unlocked by the one and
// destroyed by the next, on a stack, in a block, under a new life at the same address.
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include "pair.h"

struct job {
	pthread_mutex_t mutex;
	pthread_cond_t condition;
	sem_t ended;
	int done, users;
};

static struct gate asleep;

/* The last user destroys it, ordered by the mutex alone. */
static void leave_job(struct job *job)
{
	pthread_mutex_lock(&job->mutex);
	int users = --job->users;
	pthread_mutex_unlock(&job->mutex);
	if (users)
		return;
	pthread_mutex_destroy(&job->mutex);
	pthread_cond_destroy(&job->condition);
	free(job);
}

static void *shared_worker(void *argument)
{
	struct job *job = argument;
	pthread_mutex_lock(&job->mutex);
	job->done = 1;
	pthread_cond_broadcast(&job->condition);
	pthread_mutex_unlock(&job->mutex);
	leave_job(job);
	return NULL;
}

static void *posting_worker(void *argument)
{
	struct job *job = argument;
	pthread_mutex_lock(&job->mutex);
	job->done++;
	pthread_cond_signal(&job->condition);
	pthread_mutex_unlock(&job->mutex);
	sem_post(&job->ended);
	return NULL;
}

static void wait_for(struct job *job)
{
	pthread_mutex_lock(&job->mutex);
	while (!job->done)
		pthread_cond_wait(&job->condition, &job->mutex);
	pthread_mutex_unlock(&job->mutex);
}

static void share_job(void)
{
	struct job *job = calloc(1, sizeof(*job));
	pthread_t thread;
	job->users = 2;
	pthread_mutex_init(&job->mutex, NULL);
	pthread_cond_init(&job->condition, NULL);
	MUST(pthread_create(&thread, NULL, shared_worker, job) == 0);
	pthread_detach(thread);
	wait_for(job);
	leave_job(job);
}

/* The same place on the stack each time. */
static __attribute__((noinline)) void run_job(int statically)
{
	struct job job = {.mutex = PTHREAD_MUTEX_INITIALIZER, .condition = PTHREAD_COND_INITIALIZER};
	pthread_t thread;
	if (!statically) {
		memset(&job, 0, sizeof(job));
		pthread_mutex_init(&job.mutex, NULL);
		pthread_cond_init(&job.condition, NULL);
	}
	sem_init(&job.ended, 0, 0);
	MUST(pthread_create(&thread, NULL, posting_worker, &job) == 0);
	pthread_detach(thread);
	wait_for(&job);
	MUST(sem_wait(&job.ended) == 0);
	pthread_mutex_destroy(&job.mutex);
	pthread_cond_destroy(&job.condition);
	sem_destroy(&job.ended);
	memset(&job, 1, sizeof(job));
}

static pthread_barrier_t barrier;

static void *barrier_worker(void *argument)
{
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return argument;
}

/* Whoever has been joined is done with it. */
static void meet(void)
{
	pthread_t threads[3];
	pthread_barrier_init(&barrier, NULL, 3);
	for (int i = 0; i < 3; i++)
		MUST(pthread_create(&threads[i], NULL, barrier_worker, NULL) == 0);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&barrier);
}

static void *sleeper(void *argument)
{
	gate_wait(&asleep, 1);
	return argument;
}

int main(void)
{
	pthread_t thread; /* lives throughout */
	MUST(pthread_create(&thread, NULL, sleeper, NULL) == 0);
	for (int i = 0; i < 20; i++) {
		share_job();
		run_job(i % 2);
		meet();
	}
	gate_open(&asleep, 1);
	pthread_join(thread, NULL);
	return 0;
}
