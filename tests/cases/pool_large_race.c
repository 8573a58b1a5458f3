// A pooled object of several pages, used after it was put: at its start, in the middle of a page, in its last byte.
#include <stdlib.h>
#include <string.h>
#include "pair.h"

enum { PAGE = 4096, BYTES = 3 * PAGE };

static char object[BYTES] __attribute__((aligned(PAGE)));
static int pool;

#define PUT racetrack_pool_put(&pool, object, BYTES)

int main(void)
{
	racetrack_pool_get(&pool, object, BYTES);
	racetrack_write(object, BYTES);
	PUT;                       // race: pool-use-after-put a; pool-use-after-put b; pool-use-after-put c
	racetrack_read(object, 1); // race: pool-use-after-put a
	racetrack_write(object + PAGE + 100, 50); // race: pool-use-after-put b
	racetrack_read(object + BYTES - 1, 1);    // race: pool-use-after-put c
	racetrack_pool_get(&pool, object, BYTES);
	racetrack_write(object, BYTES);
	return 0;
}
