/* A plotter draws the newest sample while a sensor adds samples. Row S7, repaired: the plotter fetches the header as a whole
 * and under the lock, and asks its own copy for the len.
 */
/* expect: nothing */
#include <racetrack/slice.h>

#include "../example.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rt_slice samples = RT_SLICE_OF(double);

static void *measure(void *unused)
{
	double sample = 21.5;
	pthread_mutex_lock(&lock);
	must(rt_slice_append(&samples, &sample));
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *plot(void *unused)
{
	struct rt_slice seen;
	double newest = 0;
	pthread_mutex_lock(&lock);
	rt_slice_share(&samples, &seen);
	size_t len = rt_slice_len(&seen);
	must(rt_slice_get(&seen, len - 1, &newest));
	rt_slice_drop(&seen);
	pthread_mutex_unlock(&lock);
	printf("sample %zu is %.1f\n", len - 1, newest);
	return unused;
}

int main(void)
{
	const double first[] = {20.5, 20.9, 21.1, 21.2};
	must(rt_slice_make(&samples, sizeof(double), 0, 4));
	must(rt_slice_append_many(&samples, first, 4));
	run_both(measure, plot, NULL, NULL);
	rt_slice_drop(&samples);
	return 0;
}
