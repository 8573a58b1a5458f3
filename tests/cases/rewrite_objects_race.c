// An object of synchronisation that one thread makes, or frees, while another uses it: in code that is rewritten.
#include "pair.h"

static pthread_mutex_t made;
static pthread_cond_t *freed;

static void first(void)
{
	MUST(pthread_mutex_init(&made, NULL) == 0); // race: race-sync-object made
	MUST(pthread_cond_signal(freed) == 0);      // race: race-free freed
}

static void second(void)
{
	free(freed);               // race: race-free freed
	pthread_mutex_lock(&made); // race: race-sync-object made
	MUST(pthread_mutex_unlock(&made) == 0);
}

int main(void)
{
	freed = malloc(sizeof(*freed));
	MUST(pthread_cond_init(freed, NULL) == 0);
	pair_run(first, second);
	return 0;
}
