/* A router looks hosts up while an operator adds one. Row M3, repaired: a read-write lock, so that routers do not
 * wait for each other, and a put waits for all of them.
 */
/* expect: nothing */
#include <racetrack/map.h>

#include "../example.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct rt_map routes; /* port by host number */

static void *route(void *unused)
{
	int port = 0;
	pthread_rwlock_rdlock(&lock);
	must(rt_map_get(&routes, 3, &port));
	pthread_rwlock_unlock(&lock);
	printf("host 3 is at %d\n", port);
	return unused;
}

static void *operate(void *unused)
{
	int port = 8099;
	pthread_rwlock_wrlock(&lock);
	must(rt_map_put(&routes, 99, &port));
	pthread_rwlock_unlock(&lock);
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
