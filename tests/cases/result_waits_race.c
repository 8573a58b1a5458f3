// Times that waits are given, what semctl leaves, and both sides of a copy between processes.
#define _GNU_SOURCE
#include <mqueue.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include "steps.h"

#define TIME  ((struct timespec *)(void *)WORDS) /* of long ago */
#define AFTER ((char *)WORDS + sizeof(struct timespec) - 1)
#define MONO  CLOCK_MONOTONIC
#define ME    pthread_self()

static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static mtx_t mutex;
static cnd_t changed;
static sem_t semaphore;
static int set;
static char large[2][256] __attribute__((aligned(64)));

static const sigset_t *no_signals(void)
{
	static __thread sigset_t none;
	return &none;
}

static struct mmsghdr *no_messages(void)
{
	static __thread struct mmsghdr none;
	return &none;
}

static int up(void)
{
	struct sembuf operation = {0, 1, IPC_NOWAIT};
	return semop(set, &operation, 1);
}

static int up_until(const struct timespec *most)
{
	struct sembuf operation = {0, 1, IPC_NOWAIT};
	return semtimedop(set, &operation, 1, most); // race: race-data SEMTIMEDOP
}

/* Eight bytes of this process, by the way of other ones. */
static ssize_t copy(int writes, void *local, void *remote)
{
	struct iovec here = {local, 8}, there = {remote, 8};
	if (writes)
		return process_vm_writev(getpid(), &here, 1, &there, 1, 0); // race: race-data FROM TO
	return process_vm_readv(getpid(), &here, 1, &there, 1, 0);          // race: race-data INTO OUT
}

static void steps(void)
{
	READS(pthread_mutex_timedlock(&plain, TIME), WORDS); // race: race-data
	STEP(pthread_mutex_unlock(&plain), 0);
	READS(pthread_mutex_clocklock(&plain, MONO, TIME), AFTER); // race: race-data
	STEP(pthread_mutex_unlock(&plain), 0);
	READS(pthread_rwlock_timedrdlock(&rwlock, TIME), WORDS); // race: race-data
	STEP(pthread_rwlock_unlock(&rwlock), 0);
	READS(pthread_rwlock_clockrdlock(&rwlock, MONO, TIME), AFTER); // race: race-data
	STEP(pthread_rwlock_unlock(&rwlock), 0);
	READS(pthread_rwlock_timedwrlock(&rwlock, TIME), WORDS); // race: race-data
	STEP(pthread_rwlock_unlock(&rwlock), 0);
	READS(pthread_rwlock_clockwrlock(&rwlock, MONO, TIME), AFTER); // race: race-data
	STEP(pthread_rwlock_unlock(&rwlock), 0);
	READS(mtx_timedlock(&mutex, TIME), WORDS); // race: race-data
	STEP(mtx_unlock(&mutex), 0);
	STEP(pthread_mutex_lock(&plain), 0);
	READS(pthread_cond_timedwait(&condition, &plain, TIME), AFTER);       // race: race-data
	READS(pthread_cond_clockwait(&condition, &plain, MONO, TIME), WORDS); // race: race-data
	STEP(pthread_mutex_unlock(&plain), 0);
	STEP(mtx_lock(&mutex), 0);
	READS(cnd_timedwait(&changed, &mutex, TIME), AFTER); // race: race-data
	STEP(mtx_unlock(&mutex), 0);
	READS(sem_timedwait(&semaphore, TIME), WORDS);        // race: race-data
	READS(sem_clockwait(&semaphore, MONO, TIME), AFTER);  // race: race-data
	READS(up_until(TIME), WORDS);                         // race: race-data SEMTIMEDOP
	READS(mq_timedsend(-1, "", 0, 0, TIME), WORDS);       // race: race-data
	READS(mq_timedreceive(-1, A, 1, NULL, TIME), AFTER);  // race: race-data
	READS(sigtimedwait(no_signals(), NULL, TIME), WORDS); // race: race-data
	READS(ppoll(NULL, 0, TIME, NULL), AFTER);             // race: race-data
	READS(epoll_pwait2(-1, (struct epoll_event *)(void *)A, 1, TIME, NULL), WORDS);    // race: race-data
	READS(pthread_timedjoin_np(ME, NULL, TIME), AFTER);                                // race: race-data
	READS(pthread_clockjoin_np(ME, NULL, MONO, TIME), WORDS);                          // race: race-data
	READS(recvmmsg(-1, no_messages(), 1, 0, TIME), AFTER);                             // race: race-data
	WRITES(semctl(set, 0, IPC_STAT, large[0]), large[0]);                              // race: race-data
	WRITES(semctl(set, 0, IPC_INFO, large[1]), large[1] + sizeof(struct seminfo) - 1); // race: race-data
	SPARES(semctl(set, 0, GETVAL, A), A);
	SPARES(semctl(-1, 0, IPC_STAT, A), A);
	WRITES(semctl(set, 0, GETALL, A), A + 1); // race: race-data
	SPARES(semctl(set, 0, GETALL, A), A + 2);
	READS(copy(0, A, B), B + 7); // race: race-data OUT
	WRITES(copy(0, A, B), A);    // race: race-data INTO
	READS(copy(1, A, B), A + 7); // race: race-data FROM
	WRITES(copy(1, A, B), B);    // race: race-data TO
	SPARES(copy(1, A, B), A + 8);
	SPARES(copy(0, A, B), A + 8);
}

int main(void)
{
	MUST(mtx_init(&mutex, mtx_timed) == thrd_success && cnd_init(&changed) == thrd_success);
	MUST(!sem_init(&semaphore, 0, 0));
	set = semget(IPC_PRIVATE, 1, 0600);
	MUST(set >= 0 && !up());
	steps_run();
	MUST(!semctl(set, 0, IPC_RMID));
	return 0;
}
