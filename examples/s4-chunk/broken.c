/* A batch of orders is cut into chunks for two workers; an order that is not paid yet gets a reminder, appended to the
 * worker's chunk. Row S4: the first chunk's spare capacity is the second chunk. The append overwrites the neighbour's first
 * order, while the neighbour may be reading it.
 */
/* expect: slice-alias-append race-data */
#include <racetrack/slice.h>

#include "../example.h"

enum { ORDERS = 8, CHUNK = 4 };
enum state { UNPAID, PAID, REMINDED };

struct order {
	int number;
	int cents;
	enum state state;
};

static void *work(void *argument)
{
	struct rt_slice *chunk = argument;
	long total = 0;
	size_t orders = rt_slice_len(chunk);
	for (size_t i = 0; i < orders; i++) {
		struct order order;
		must(rt_slice_get(chunk, i, &order)); // racetrack: race-data b
		total += order.cents;
		if (order.state == UNPAID) {
			order.state = REMINDED;
			// racetrack: slice-alias-append a; race-data a
			must(rt_slice_append(chunk, &order));
		}
	}
	printf("chunk of %ld cents\n", total);
	return NULL;
}

int main(void)
{
	struct rt_slice batch, chunks[ORDERS / CHUNK];
	size_t count;
	must(rt_slice_make(&batch, sizeof(struct order), 0, ORDERS));
	for (int i = 0; i < ORDERS; i++) {
		struct order order = {1000 + i, 250 * (i + 1), i == 2 ? UNPAID : PAID};
		must(rt_slice_append(&batch, &order));
	}
	count = rt_slice_len(&batch) / CHUNK;
	for (size_t i = 0; i < count; i++)
		// racetrack: slice-alias-append b
		must(rt_slice_cut(&batch, i * CHUNK, (i + 1) * CHUNK, &chunks[i]));
	run_both(work, work, &chunks[0], &chunks[1]);
	for (size_t i = 0; i < count; i++)
		rt_slice_drop(&chunks[i]);
	rt_slice_drop(&batch);
	return 0;
}
