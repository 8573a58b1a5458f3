/* A server checks requests against a list of limits, which an administrator may extend. Row S6, repaired: when the
 * list has changed the server drops the header it has, and fetches it again.
 */
/* expect: nothing */
#include <racetrack/slice.h>

#include "../example.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct rt_slice limits = RT_SLICE_OF(int);
static int fetched, extended;

static void *serve(void *unused)
{
	struct rt_slice mine;
	int lowest = 1000;
	pthread_mutex_lock(&lock);
	rt_slice_share(&limits, &mine);
	fetched = 1;
	pthread_cond_broadcast(&changed);
	while (!extended)
		pthread_cond_wait(&changed, &lock);
	rt_slice_drop(&mine);
	rt_slice_share(&limits, &mine);
	for (size_t i = 0; i < rt_slice_len(&mine); i++) {
		int limit;
		must(rt_slice_get(&mine, i, &limit));
		if (limit < lowest)
			lowest = limit;
	}
	rt_slice_drop(&mine);
	pthread_mutex_unlock(&lock);
	printf("the lowest limit is %d\n", lowest);
	return unused;
}

static void *administrate(void *unused)
{
	int limit = 5;
	pthread_mutex_lock(&lock);
	while (!fetched)
		pthread_cond_wait(&changed, &lock);
	must(rt_slice_append(&limits, &limit));
	extended = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	const int defaults[] = {100, 60, 25};
	must(rt_slice_make(&limits, sizeof(int), 0, 3));
	must(rt_slice_append_many(&limits, defaults, 3));
	run_both(serve, administrate, NULL, NULL);
	rt_slice_drop(&limits);
	return 0;
}
