/* A router looks hosts up while an operator adds one. Row M3: the table is full, so the put moves all entries to a new
 * table, while the router may be walking the old one.
 */
/* expect: race-map */
#include <racetrack/map.h>

#include "../example.h"

static struct rt_map routes; /* port by host number */

static void *route(void *unused)
{
	int port = 0;
	must(rt_map_get(&routes, 3, &port)); // racetrack: race-map a
	printf("host 3 is at %d\n", port);
	return unused;
}

static void *operate(void *unused)
{
	int port = 8099;
	must(rt_map_put(&routes, 99, &port)); // racetrack: race-map b
	return unused;
}

int main(void)
{
	rt_map_init(&routes, RT_MAP_INTEGERS, sizeof(int));
	for (int host = 0; host < 7; host++) {
		int port = 8000 + host;
		must(rt_map_put(&routes, (uint64_t)host, &port));
	}
	run_both(route, operate, NULL, NULL);
	rt_map_fini(&routes);
	return 0;
}
