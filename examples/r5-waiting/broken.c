/* One side writes a line into shared memory and lets the other side know, which then changes it: threads through two
 * addresses, and processes. Row R5: each time the write comes one step too late, or the other one too early.
 */
/* expect: race-alias race-shared race-alias race-shared race-alias race-shared race-alias race-shared
 * race-alias race-shared */
#include <fcntl.h>
#include <semaphore.h>
#include <sys/ipc.h>
#include <sys/sem.h>

#include "../shared.h"

struct board {
	char line[64];
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int ready;
	pthread_barrier_t barrier;
	sem_t unnamed;
	int set; /* of System V semaphores: one */
};

static char name[32];

static void prepare(void *shared)
{
	struct board *board = shared;
	pthread_condattr_t cond;
	pthread_barrierattr_t barrier;
	make_shared_mutex(&board->mutex);
	must(pthread_condattr_init(&cond) || pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED));
	must(pthread_cond_init(&board->changed, &cond));
	must(pthread_barrierattr_init(&barrier) ||
		pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED));
	must(pthread_barrier_init(&board->barrier, &barrier, 2));
	must(sem_init(&board->unnamed, 1, 0));
	board->set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	must(board->set < 0);
}

static void finish(void *shared)
{
	must(semctl(((struct board *)shared)->set, 0, IPC_RMID));
}

/* 1. A condition. */
static void *signal_condition(void *shared)
{
	struct board *board = shared;
	pthread_mutex_lock(&board->mutex);
	board->ready = 1;
	pthread_cond_broadcast(&board->changed);
	pthread_mutex_unlock(&board->mutex);
	// racetrack: race-alias a; race-shared a
	snprintf(board->line, sizeof board->line, "after condition %d", 1);
	return NULL;
}

static void *await_condition(void *shared)
{
	struct board *board = shared;
	pthread_mutex_lock(&board->mutex);
	while (!board->ready)
		pthread_cond_wait(&board->changed, &board->mutex);
	pthread_mutex_unlock(&board->mutex);
	// racetrack: race-alias b; race-shared b
	snprintf(board->line, sizeof board->line, "changed after condition %d", 1);
	return NULL;
}

/* 2. A barrier. */
static void *write_before_barrier(void *shared)
{
	struct board *board = shared;
	// racetrack: race-alias#2 a; race-shared#2 a
	snprintf(board->line, sizeof board->line, "before barrier %d", 1);
	pthread_barrier_wait(&board->barrier);
	return NULL;
}

static void *write_after_barrier(void *shared)
{
	struct board *board = shared;
	// racetrack: race-alias#2 b; race-shared#2 b
	snprintf(board->line, sizeof board->line, "changed before barrier %d", 1);
	pthread_barrier_wait(&board->barrier);
	return NULL;
}

/* 3. A semaphore. */
static void *post_unnamed(void *shared)
{
	struct board *board = shared;
	sem_post(&board->unnamed);
	// racetrack: race-alias#3 a; race-shared#3 a
	snprintf(board->line, sizeof board->line, "after semaphore %d", 1);
	return NULL;
}

static void *await_unnamed(void *shared)
{
	struct board *board = shared;
	must(sem_wait(&board->unnamed));
	// racetrack: race-alias#3 b; race-shared#3 b
	snprintf(board->line, sizeof board->line, "changed after semaphore %d", 1);
	return NULL;
}

/* 4. A semaphore that each side opens by its name. */
static void *post_named(void *shared)
{
	struct board *board = shared;
	sem_t *named = sem_open(name, O_CREAT, 0600, 0);
	must(named == SEM_FAILED);
	sem_post(named);
	// racetrack: race-alias#4 a; race-shared#4 a
	snprintf(board->line, sizeof board->line, "after a named semaphore %d", 1);
	return sem_close(named), NULL;
}

static void *await_named(void *shared)
{
	struct board *board = shared;
	sem_t *named = sem_open(name, O_CREAT, 0600, 0);
	must(named == SEM_FAILED || sem_wait(named));
	// racetrack: race-alias#4 b; race-shared#4 b
	snprintf(board->line, sizeof board->line, "changed after a named semaphore %d", 1);
	return sem_close(named), NULL;
}

/* 5. A System V semaphore. */
static void *post_system_v(void *shared)
{
	struct board *board = shared;
	struct sembuf up = {0, 1, 0};
	must(semop(board->set, &up, 1));
	// racetrack: race-alias#5 a; race-shared#5 a
	snprintf(board->line, sizeof board->line, "after a System V semaphore %d", 1);
	return NULL;
}

static void *await_system_v(void *shared)
{
	struct board *board = shared;
	struct sembuf down = {0, -1, 0};
	must(semop(board->set, &down, 1));
	// racetrack: race-alias#5 b; race-shared#5 b
	snprintf(board->line, sizeof board->line, "changed after a System V semaphore %d", 1);
	return NULL;
}

static const struct way ways[] = {
	{IN_THREADS | IN_PROCESSES, signal_condition, await_condition},
	{IN_THREADS | IN_PROCESSES, write_before_barrier, write_after_barrier},
	{IN_THREADS | IN_PROCESSES, post_unnamed, await_unnamed},
	{IN_THREADS | IN_PROCESSES, post_named, await_named},
	{IN_THREADS | IN_PROCESSES, post_system_v, await_system_v},
};

int main(void)
{
	snprintf(name, sizeof name, "/example-%d", getpid());
	TRY_WAYS(ways, board, prepare, finish);
	return sem_unlink(name);
}
