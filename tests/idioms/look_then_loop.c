// cflags: -O0
// A waiter that keeps what it saw in a variable: one look before the loop, one in it. Without optimisation the loop is entered at
// its test, at its end, with what was seen before it.
#include "../idiom.h"

struct job {
	long number;
	atomic_int pending;
	long result;
};

static struct job *jobs;
static int count;

static void wait_for(struct job *job)
{
	int pending = LOAD(&job->pending, acquire);
	while (pending)
		pending = LOAD(&job->pending, acquire);
}

static void *worker(void *x)
{
	for (int i = 0; i < count; i++) {
		jobs[i].result = i;
		STORE(&jobs[i].pending, 0, release);
	}
	return x;
}

static void *waiter(void *unused)
{
	long sum = 0;
	usleep(20000);
	for (int i = 0; i < count; i++) {
		if (BROKEN)
			sum += jobs[i].result;
		wait_for(&jobs[i]);
		if (!BROKEN)
			sum += jobs[i].result;
	}
	return (void *)sum;
}

static int body(void)
{
	pthread_t a, b;
	void *sum;
	count = (int)(rounds < 100 ? rounds : 100);
	jobs = calloc((size_t)count, sizeof(*jobs));
	for (int i = 0; i < count; i++)
		atomic_init(&jobs[i].pending, 1);
	pthread_create(&a, NULL, worker, NULL);
	pthread_create(&b, NULL, waiter, NULL);
	pthread_join(a, NULL);
	pthread_join(b, &sum);
	free(jobs);
	TELL("%ld", (long)sum);
	return 0;
}
