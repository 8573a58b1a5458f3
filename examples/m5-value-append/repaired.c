/* A chat server keeps the connections of each group in a slice under the group's name. Row M5, repaired: the lock is
 * held for writing until the append to the slice is done.
 */
/* expect: nothing */
#include <racetrack/map.h>
#include <racetrack/slice.h>

#include "../example.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct rt_map groups;

static void join_group(const char *name, int connection)
{
	pthread_rwlock_wrlock(&lock);
	struct rt_slice *connections = rt_map_ref_string(&groups, name);
	must(rt_slice_append(connections, &connection));
	pthread_rwlock_unlock(&lock);
}

static void *connect_ada(void *unused)
{
	join_group("compilers", 17);
	return unused;
}

static void *connect_grace(void *unused)
{
	join_group("compilers", 18);
	return unused;
}

int main(void)
{
	struct rt_slice connections;
	struct rt_map_iterator it;
	rt_map_init(&groups, RT_MAP_STRINGS, sizeof(struct rt_slice));
	must(rt_slice_make(&connections, sizeof(int), 0, 16));
	must(rt_map_put_string(&groups, "compilers", &connections)); /* moves the slice into the map */

	run_both(connect_ada, connect_grace, NULL, NULL);

	rt_map_iterate(&groups, &it);
	while (rt_map_next(&it)) {
		printf("%s: %zu connections\n", (const char *)it.bytes, rt_slice_len(it.value));
		rt_slice_drop(it.value);
	}
	rt_map_fini(&groups);
	return 0;
}
