// hostile: robust and process-shared mutexes, conditions and semaphores between processes; an owner dies
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t condition;
	sem_t semaphore;
	pthread_barrier_t barrier;
	char text[100];
	int turn;
};
int main(void)
{
	struct shared *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;
	pthread_condattr_t cond;
	pthread_barrierattr_t barrier;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_barrierattr_init(&barrier);
	pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &attributes);
	pthread_cond_init(&shared->condition, &cond);
	sem_init(&shared->semaphore, 1, 0);
	pthread_barrier_init(&shared->barrier, &barrier, 2);
	if (!fork()) {
		pthread_barrier_wait(&shared->barrier);
		for (int i = 0; i < 200; i++) {
			pthread_mutex_lock(&shared->mutex);
			while (!shared->turn)
				pthread_cond_wait(&shared->condition, &shared->mutex);
			strcat(shared->text, "c");
			shared->text[50] = 0;
			shared->turn = 0;
			pthread_cond_signal(&shared->condition);
			pthread_mutex_unlock(&shared->mutex);
		}
		sem_wait(&shared->semaphore);
		pthread_mutex_lock(&shared->mutex);
		_exit(1);
	}
	pthread_barrier_wait(&shared->barrier);
	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&shared->mutex);
		while (shared->turn)
			pthread_cond_wait(&shared->condition, &shared->mutex);
		strcat(shared->text, "p");
		shared->text[50] = 0;
		shared->turn = 1;
		pthread_cond_signal(&shared->condition);
		pthread_mutex_unlock(&shared->mutex);
	}
	sem_post(&shared->semaphore);
	wait(NULL);
	int error = pthread_mutex_lock(&shared->mutex);
	printf("%d %d %s\n", error == EOWNERDEAD, pthread_mutex_consistent(&shared->mutex), shared->text);
	pthread_mutex_unlock(&shared->mutex);
	if (!fork()) {
		pthread_mutex_lock(&shared->mutex);
		_exit(1);
	}
	wait(NULL);
	printf("%d\n", pthread_mutex_lock(&shared->mutex) == EOWNERDEAD);
	pthread_mutex_unlock(&shared->mutex);
	printf("%d\n", pthread_mutex_lock(&shared->mutex) == ENOTRECOVERABLE);
	return 0;
}
