// hostile: correct programs in every style of POSIX threads
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
enum { THREADS = 4, ROUNDS = 300 };
static char data[64], shared_once[64];
static pthread_mutex_t mutexes[8];
static pthread_rwlock_t rwlock, writer_lock;
static pthread_spinlock_t spin;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_cond_t condition;
static sem_t binary, *named;
static int turn;
static void init_once(void)
{
	strcpy(shared_once, "once");
}
static void touch(int i)
{
	char copy[64];
	strcpy(copy, data);
	snprintf(data, sizeof(data), "round %d", i);
}
static void *work(void *argument)
{
	int self = (int)(long)argument;
	struct timespec until;
	for (int i = 0; i < ROUNDS; i++) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += 100;
		for (int m = 0; m < 8; m++) {
			int error = m & 1 ? pthread_mutex_timedlock(&mutexes[m], &until)
					  : pthread_mutex_lock(&mutexes[m]);
			if (error)
				printf("%d: %s\n", m, strerror(error));
		}
		touch(i);
		if (!pthread_mutex_lock(&mutexes[1]))
			pthread_mutex_unlock(&mutexes[1]);
		pthread_mutex_unlock(&mutexes[3]);
		for (int m = 7; m >= 0; m--)
			if (m != 3)
				pthread_mutex_unlock(&mutexes[m]);
		pthread_barrier_wait(&barrier);
		pthread_rwlock_rdlock(&rwlock);
		char copy[64];
		strcpy(copy, data);
		pthread_rwlock_unlock(&rwlock);
		pthread_barrier_wait(&barrier);
		if (i % 2)
			pthread_rwlock_wrlock(&rwlock);
		else
			while (pthread_rwlock_trywrlock(&rwlock))
				sched_yield();
		touch(i);
		pthread_rwlock_unlock(&rwlock);
		pthread_barrier_wait(&barrier);
		pthread_spin_lock(&spin);
		touch(i);
		pthread_spin_unlock(&spin);
		pthread_barrier_wait(&barrier);
		if (self == i % THREADS)
			touch(i);
		pthread_barrier_wait(&barrier);
		sem_wait(&binary);
		touch(i);
		sem_post(&binary);
		pthread_once(&once, init_once);
		strcpy(copy, shared_once);
		pthread_barrier_wait(&barrier);
		pthread_mutex_lock(&mutexes[0]);
		while (turn != self)
			pthread_cond_clockwait(&condition, &mutexes[0], CLOCK_REALTIME, &until);
		touch(i);
		turn = (turn + 1) % THREADS;
		pthread_cond_broadcast(&condition);
		pthread_mutex_unlock(&mutexes[0]);
		pthread_barrier_wait(&barrier);
	}
	return strdup("result");
}
int main(void)
{
	pthread_t threads[THREADS];
	for (int m = 0; m < 8; m++) {
		pthread_mutexattr_t attributes;
		pthread_mutexattr_init(&attributes);
		if (m == 1)
			pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
		if (m == 2)
			pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
		if (m == 3)
			pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
		if (m == 4)
			pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
		if (m == 5)
			pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
		if (m == 6) {
			pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
			pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
		}
		pthread_mutex_init(&mutexes[m], &attributes);
	}
	pthread_rwlockattr_t prefer;
	pthread_rwlockattr_init(&prefer);
	pthread_rwlockattr_setkind_np(&prefer, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&rwlock, &prefer);
	pthread_spin_init(&spin, 0);
	pthread_barrier_init(&barrier, NULL, THREADS);
	pthread_cond_init(&condition, NULL);
	sem_init(&binary, 0, 1);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		void *result;
		struct timespec until = {4000000000, 0};
		if (i == 0)
			while (pthread_tryjoin_np(threads[i], &result))
				sched_yield();
		else if (i == 1)
			pthread_timedjoin_np(threads[i], &result, &until);
		else
			pthread_join(threads[i], &result);
		strcat(result, "!");
		free(result);
	}
	touch(1);
	puts(data);
	return 0;
}
