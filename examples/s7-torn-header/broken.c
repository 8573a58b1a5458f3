/* A plotter draws the newest sample while a sensor adds samples. Row S7: it fetches the array and then the len, with the
 * sensor's append in between, so that it has the new len with the old array. The last element is out of bounds there.
 */
/* expect: race-slice-header slice-bounds */
#include <racetrack/slice.h>

#include "../example.h"

static struct rt_slice samples = RT_SLICE_OF(double);

static void *measure(void *unused)
{
	double sample = 21.5;
	day_wait(1);
	must(rt_slice_append(&samples, &sample)); // racetrack: race-slice-header a
	day_reached(2);
	return unused;
}

static void *plot(void *unused)
{
	struct rt_slice seen;
	double newest = 0;
	rt_slice_share(&samples, &seen); // racetrack: race-slice-header b; slice-bounds b
	day_reached(1);
	day_wait(2);
	size_t len = rt_slice_len(&samples);
	if (rt_slice_get(&seen, len - 1, &newest)) // racetrack: slice-bounds a
		printf("there is no sample %zu\n", len - 1);
	else
		printf("sample %zu is %.1f\n", len - 1, newest);
	rt_slice_drop(&seen);
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
