// So many mutexes, made while others are locked, that their table grows: each keeps what it published.
#include "pair.h"

enum { MUTEXES = 400000, EARLY = 1000 };

static struct guarded {
	pthread_mutex_t mutex;
	int data;
} * all;
static struct gate gate;

static void change(struct guarded *guarded)
{
	MUST(pthread_mutex_lock(&guarded->mutex) == 0);
	racetrack_write(&guarded->data, sizeof guarded->data);
	MUST(pthread_mutex_unlock(&guarded->mutex) == 0);
}

static void *change_early(void *unused)
{
	gate_wait(&gate, 1);
	for (int round = 0; round < 100; round++)
		for (int i = 0; i < EARLY; i++)
			change(&all[i]);
	return unused;
}

int main(void)
{
	pthread_t thread;
	all = calloc(MUTEXES, sizeof *all);
	MUST(all != NULL && pthread_create(&thread, NULL, change_early, NULL) == 0);
	for (int i = 0; i < EARLY; i++)
		change(&all[i]);
	gate_open(&gate, 1);
	for (int i = EARLY; i < MUTEXES; i++)
		MUST(pthread_mutex_init(&all[i].mutex, NULL) == 0);
	for (int i = 0; i < MUTEXES; i++)
		change(&all[i]);
	MUST(pthread_join(thread, NULL) == 0);
	return 0;
}
