// What a program may define to be called at the start, at each finding and at the end; and what it may ask of a finding.
#include <stdio.h>
#include <string.h>
#include "pair.h"

void *__tsan_get_current_report(void);
int __tsan_get_report_data(void *report, const char **description, int *count, int *stacks, int *accesses,
	int *locations, int *mutexes, int *threads, int *unique, void **sleep, unsigned long room);
int __tsan_get_report_mop(void *report, unsigned long index, int *thread, void **address, int *bytes,
	int *write, int *atomic, void **trace, unsigned long room);
int __tsan_get_report_loc(void *report, unsigned long index, const char **type, void **address, void **start,
	unsigned long *bytes, int *thread, int *fd, int *suppressable, void **trace, unsigned long room);
int __tsan_get_report_mutex(void *report, unsigned long index, uint64_t *mutex, void **address,
	int *destroyed, void **trace, unsigned long room);
int __tsan_get_report_thread(void *report, unsigned long index, int *thread, uint64_t *os_id, int *running,
	const char **name, int *parent, void **trace, unsigned long room);

static int started, told, counted;
static char *block;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void __tsan_on_initialize(void);
void __tsan_on_initialize(void)
{
	started++;
}

static void check_sides(void *report)
{
	void *address, *trace[16];
	int thread, bytes, write, atomic;
	for (unsigned long i = 0; i < 2; i++) {
		MUST(__tsan_get_report_mop(
			     report, i, &thread, &address, &bytes, &write, &atomic, trace, 16) == 1);
		MUST(address == block + 2 && bytes == 1 && write == (i == 0) && !atomic);
		MUST(thread == (i == 0 ? 2 : 1) && trace[0]);
	}
	MUST(__tsan_get_report_mop(report, 2, &thread, &address, &bytes, &write, &atomic, trace, 16) == 0);
}

static void check_rest(void *report)
{
	const char *type, *name;
	void *address, *start, *trace[16];
	unsigned long bytes;
	uint64_t id;
	int thread, fd, suppressable, destroyed, running, parent;
	MUST(__tsan_get_report_loc(
		report, 0, &type, &address, &start, &bytes, &thread, &fd, &suppressable, trace, 16));
	MUST(!strcmp(type, "heap") && start == block && bytes == 10 && thread == 0 && trace[0]);
	MUST(__tsan_get_report_mutex(report, 0, &id, &address, &destroyed, trace, 16));
	MUST(id && address == &mutex && !destroyed);
	MUST(__tsan_get_report_thread(report, 0, &thread, &id, &running, &name, &parent, trace, 16));
	MUST(thread == 2 && id && running && parent == 0 && trace[0]);
	MUST(!__tsan_get_report_thread(report, 3, &thread, &id, &running, &name, &parent, trace, 16));
}

void __tsan_on_report(void *report);
void __tsan_on_report(void *report)
{
	const char *description;
	int count, stacks, accesses, locations, mutexes, threads, unique;
	void *sleep[4];
	MUST(report && report == __tsan_get_current_report());
	MUST(__tsan_get_report_data(report, &description, &count, &stacks, &accesses, &locations, &mutexes,
		     &threads, &unique, sleep, 4) == 1);
	MUST(!strcmp(description, "data-race") && count == 0 && accesses == 2);
	MUST(locations == 1 && mutexes == 1 && threads == 3);
	check_sides(report);
	check_rest(report);
	told++;
	/* the program's own function may do anything */
	free(malloc(100));
	pthread_mutex_lock(&mutex);
	counted++;
	pthread_mutex_unlock(&mutex);
}

int __tsan_on_finalize(int failed);
int __tsan_on_finalize(int failed)
{
	MUST(failed == 1 && told == 1 && !__tsan_get_current_report());
	printf("finalized\n");
	return 0;
}

static void first(void)
{
	pthread_mutex_lock(&mutex);
	MUST(((volatile char *)block)[2] == 0); // race: race-data one
	pthread_mutex_unlock(&mutex);
}

static void second(void)
{
	((volatile char *)block)[2] = 1; // race: race-data one
}

int main(void)
{
	MUST(started == 1);
	block = calloc(1, 10);
	pair_run(first, second);
	MUST(told == 1 && counted == 1 && !__tsan_get_current_report());
	return 0;
}
