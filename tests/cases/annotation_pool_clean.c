// An object goes from put to get: that is an order, for this object.
#include "pair.h"

static char pool, object[64];

static void first(void)
{
	racetrack_pool_get(&pool, object, sizeof object);
	racetrack_write(object, sizeof object);
	racetrack_pool_put(&pool, object, sizeof object);
}

static void second(void)
{
	racetrack_pool_get(&pool, object, sizeof object);
	racetrack_write(object, sizeof object);
	racetrack_pool_put(&pool, object, sizeof object);
}

int main(void)
{
	pair_run(first, second);
	first();
	return 0;
}
