/* One side writes a line into shared memory and lets the other side know, which then changes it: threads through two
 * addresses, and processes. Row R5: by conditions, barriers and semaphores.
 */
/* expect: nothing */
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
	snprintf(board->line, sizeof board->line, "before condition %d", 1);
	pthread_mutex_lock(&board->mutex);
	board->ready = 1;
	pthread_cond_broadcast(&board->changed);
	pthread_mutex_unlock(&board->mutex);
	return NULL;
}

static void *await_condition(void *shared)
{
	struct board *board = shared;
	pthread_mutex_lock(&board->mutex);
	while (!board->ready)
		pthread_cond_wait(&board->changed, &board->mutex);
	pthread_mutex_unlock(&board->mutex);
	snprintf(board->line, sizeof board->line, "changed after condition %d", 1);
	return NULL;
}

/* 2. A barrier. */
static void *write_before_barrier(void *shared)
{
	struct board *board = shared;
	snprintf(board->line, sizeof board->line, "before barrier %d", 1);
	pthread_barrier_wait(&board->barrier);
	return NULL;
}

static void *write_after_barrier(void *shared)
{
	struct board *board = shared;
	pthread_barrier_wait(&board->barrier);
	snprintf(board->line, sizeof board->line, "changed after barrier %d", 1);
	return NULL;
}

/* 3. A semaphore. */
static void *post_unnamed(void *shared)
{
	struct board *board = shared;
	snprintf(board->line, sizeof board->line, "before semaphore %d", 1);
	sem_post(&board->unnamed);
	return NULL;
}

static void *await_unnamed(void *shared)
{
	struct board *board = shared;
	must(sem_wait(&board->unnamed));
	snprintf(board->line, sizeof board->line, "changed after semaphore %d", 1);
	return NULL;
}

/* 4. A semaphore that each side opens by its name. */
static void *post_named(void *shared)
{
	struct board *board = shared;
	sem_t *named = sem_open(name, O_CREAT, 0600, 0);
	must(named == SEM_FAILED);
	snprintf(board->line, sizeof board->line, "before a named semaphore %d", 1);
	sem_post(named);
	return sem_close(named), NULL;
}

static void *await_named(void *shared)
{
	struct board *board = shared;
	sem_t *named = sem_open(name, O_CREAT, 0600, 0);
	must(named == SEM_FAILED || sem_wait(named));
	snprintf(board->line, sizeof board->line, "changed after a named semaphore %d", 1);
	return sem_close(named), NULL;
}

/* 5. A System V semaphore. */
static void *post_system_v(void *shared)
{
	struct board *board = shared;
	struct sembuf up = {0, 1, 0};
	snprintf(board->line, sizeof board->line, "before a System V semaphore %d", 1);
	must(semop(board->set, &up, 1));
	return NULL;
}

static void *await_system_v(void *shared)
{
	struct board *board = shared;
	struct sembuf down = {0, -1, 0};
	must(semop(board->set, &down, 1));
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
