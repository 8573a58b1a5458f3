/* A server takes its request objects from a pool of its own. Row P1, repaired: the handler puts the request back
 * when it is done with it, as the last thing it does.
 */
/* expect: nothing */
#include <racetrack/racetrack.h>

#include "../example.h"

enum { POOLED = 8 };

struct request {
	int number;
	char outcome[32];
};

static struct {
	pthread_mutex_t lock;
	struct request *free[POOLED];
	int count;
} pool = {PTHREAD_MUTEX_INITIALIZER, {NULL}, 0};

/* The pool's lock keeps its list in order; it is no reason to believe that what the objects hold is in order too. */
static struct request *pool_get(void)
{
	racetrack_ignore_sync_begin();
	pthread_mutex_lock(&pool.lock);
	struct request *request = pool.count ? pool.free[--pool.count] : NULL;
	pthread_mutex_unlock(&pool.lock);
	racetrack_ignore_sync_end();
	if (!request)
		request = calloc(1, sizeof *request);
	racetrack_pool_get(&pool, request, sizeof *request);
	return request;
}

static void pool_put(struct request *request)
{
	racetrack_pool_put(&pool, request, sizeof *request);
	racetrack_ignore_sync_begin();
	pthread_mutex_lock(&pool.lock);
	must(pool.count == POOLED);
	pool.free[pool.count++] = request;
	pthread_mutex_unlock(&pool.lock);
	racetrack_ignore_sync_end();
}

static void *handle(void *number)
{
	struct request *request = pool_get();
	request->number = *(int *)number;
	snprintf(request->outcome, sizeof request->outcome, "%d done", request->number);
	pool_put(request);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	for (int number = 1; number <= 3; number++) {
		must(pthread_create(&thread, NULL, handle, &number));
		pthread_join(thread, NULL);
	}
	while (pool.count) {
		struct request *request = pool_get();
		printf("%s\n", request->outcome);
		free(request);
	}
	return 0;
}
