// Threads that are cancelled while they block in a wrapped call: clean-up handlers run, and the join orders all they did.
#define _GNU_SOURCE
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>
#include "pair.h"
#include "times.h"

static int data, pipes[2];
static sem_t never;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static struct gate gate;

static void give_back(void *unused)
{
	(void)unused;
	racetrack_write(&data, sizeof data);
	pthread_mutex_unlock(&mutex);
}

static void clean_up(void *unused)
{
	(void)unused;
	racetrack_write(&data, sizeof data);
}

static void *block_in_condition(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(give_back, NULL);
	gate_open(&gate, 1);
	for (;;)
		pthread_cond_timedwait(&condition, &mutex, far_ahead(CLOCK_REALTIME));
	pthread_cleanup_pop(1);
	return unused;
}

static void *block_in_read(void *unused)
{
	char to[8];
	pthread_cleanup_push(clean_up, NULL);
	gate_open(&gate, 1);
	MUST(read(pipes[0], to, sizeof to) == 0);
	pthread_cleanup_pop(1);
	return unused;
}

static void *block_in_semaphore(void *unused)
{
	pthread_cleanup_push(clean_up, NULL);
	gate_open(&gate, 1);
	sem_wait(&never);
	pthread_cleanup_pop(1);
	return unused;
}

static void *leave(void *unused)
{
	pthread_cleanup_push(clean_up, NULL);
	gate_open(&gate, 1);
	pthread_exit(PTHREAD_CANCELED);
	pthread_cleanup_pop(1);
	return unused;
}

int main(void)
{
	void *(*const ways[])(void *) = {block_in_condition, block_in_read, block_in_semaphore, leave};
	MUST(pipe(pipes) == 0 && sem_init(&never, 0, 0) == 0);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		pthread_t thread;
		void *result = NULL;
		gate.level = 0;
		racetrack_write(&data, sizeof data);
		MUST(pthread_create(&thread, NULL, ways[i], NULL) == 0);
		gate_wait(&gate, 1);
		pthread_cancel(thread);
		MUST(pthread_join(thread, &result) == 0);
		racetrack_write(&data, sizeof data);
		printf("%d\n", result == PTHREAD_CANCELED);
		MUST(pthread_mutex_trylock(&mutex) == 0);
		MUST(pthread_mutex_unlock(&mutex) == 0);
	}
	return 0;
}
