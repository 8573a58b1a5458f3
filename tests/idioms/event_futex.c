// An event: a word that the kernel's futex waits for by syscall(2), set before anybody waits for it, and reset by who was told.
#include "../idiom.h"
#include "../gate.h"

struct event {
	atomic_int state;
};

static struct job {
	int number;
	struct event ready, done;
} job_[2];
static struct gate gates[2]; /* which is not seen: the event is set when the thread comes to it */
static long sum;

static void event_set(struct event *event)
{
	STORE(&event->state, 1, release);
	syscall(SYS_futex, &event->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void event_wait(struct event *event)
{
	while (!LOAD(&event->state, acquire))
		syscall(SYS_futex, &event->state, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	STORE(&event->state, 0, relaxed);
}

static void *work(void *x)
{
	struct job *job = &job_[(long)x];
	gate_wait(&gates[(long)x], 1);
	for (long i = 0; i < rounds; i++) {
		event_wait(&job->ready);
		sum += job->number;
		event_set(&job->done);
	}
	return x;
}

static int body(void)
{
	pthread_t threads[2];
	rounds = 20;
	for (long i = 0; i < 2; i++) {
		pthread_create(&threads[i], NULL, work, (void *)i);
		if (!BROKEN)
			job_[i].number = 3;
		event_set(&job_[i].ready);
		if (BROKEN)
			job_[i].number = 3;
		gate_open(&gates[i], 1);
		event_wait(&job_[i].done);
	}
	for (long i = 2; i < 2 * rounds; i++) {
		struct job *job = &job_[i % 2];
		job->number = 3;
		event_set(&job->ready);
		event_wait(&job->done);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	TELL("%ld", sum);
	return 0;
}
