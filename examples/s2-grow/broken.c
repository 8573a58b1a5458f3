/* A queue of jobs that two importers fill. Row S2: both append without a lock, and there is no room left, so each append
 * moves the slice to a new array. Whoever publishes its array last wins; the other's jobs vanish.
 */
/* expect: race-slice-header race-data */
#include <racetrack/slice.h>

#include "../example.h"

enum { BATCH = 8 };

static struct rt_slice jobs = RT_SLICE_OF(int);

static void fill(int *batch, int first)
{
	for (int i = 0; i < BATCH; i++)
		batch[i] = first + i;
}

static void *import_mail(void *unused)
{
	int batch[BATCH];
	fill(batch, 100);
	// racetrack: race-slice-header a; race-data a
	must(rt_slice_append_many(&jobs, batch, BATCH));
	day_reached(1);
	return unused;
}

static void *import_uploads(void *unused)
{
	int batch[BATCH];
	fill(batch, 200);
	day_wait(1); /* else both may move the same old array, and only the header has a race */
	// racetrack: race-slice-header b; race-data b
	must(rt_slice_append_many(&jobs, batch, BATCH));
	return unused;
}

int main(void)
{
	must(rt_slice_make(&jobs, sizeof(int), 4, 4));
	run_both(import_mail, import_uploads, NULL, NULL);
	printf("%zu jobs of %d\n", rt_slice_len(&jobs), 4 + 2 * BATCH);
	rt_slice_drop(&jobs);
	return 0;
}
