/* A queue of jobs that two importers fill. Row S2, repaired: each importer collects into a slice of its own, and the main
 * thread puts them together when both are done. No lock is needed.
 */
/* expect: nothing */
#include <racetrack/slice.h>

#include "../example.h"

enum { BATCH = 8 };

static void fill(int *batch, int first)
{
	for (int i = 0; i < BATCH; i++)
		batch[i] = first + i;
}

static void *import_mail(void *own)
{
	int batch[BATCH];
	fill(batch, 100);
	must(rt_slice_append_many(own, batch, BATCH));
	return NULL;
}

static void *import_uploads(void *own)
{
	int batch[BATCH];
	fill(batch, 200);
	must(rt_slice_append_many(own, batch, BATCH));
	return NULL;
}

int main(void)
{
	struct rt_slice jobs, imported[2] = {RT_SLICE_OF(int), RT_SLICE_OF(int)};
	must(rt_slice_make(&jobs, sizeof(int), 4, 4));
	run_both(import_mail, import_uploads, &imported[0], &imported[1]);
	for (int i = 0; i < 2; i++) {
		must(rt_slice_append_many(&jobs, rt_slice_ref(&imported[i], 0), rt_slice_len(&imported[i])));
		rt_slice_drop(&imported[i]);
	}
	printf("%zu jobs of %d\n", rt_slice_len(&jobs), 4 + 2 * BATCH);
	rt_slice_drop(&jobs);
	return 0;
}
