/* A server counts requests per user, drops idle users, and prints its counters. Row M2, twice: the clean-up deletes from the
 * map that it iterates over, so entries may be skipped or come twice; and a login puts a new user while the printer
 * iterates in another thread.
 */
/* expect: map-changed-while-iterating race-map */
#include <racetrack/map.h>

#include "../example.h"

static struct rt_map requests; /* by user */

static void drop_idle(void)
{
	struct rt_map_iterator it;
	rt_map_iterate(&requests, &it);
	while (rt_map_next(&it)) // racetrack: map-changed-while-iterating a
		if (*(int *)it.value == 0)
			// racetrack: map-changed-while-iterating b
			rt_map_delete_string(&requests, it.bytes);
}

static void *print(void *unused)
{
	struct rt_map_iterator it;
	int sum = 0;
	rt_map_iterate(&requests, &it);
	while (rt_map_next(&it)) // racetrack: race-map a
		sum++;
	printf("%d requests\n", sum);
	return unused;
}

static void *login(void *unused)
{
	int first = 1;
	must(rt_map_put_string(&requests, "grace", &first)); // racetrack: race-map b
	return unused;
}

int main(void)
{
	static const char *const users[] = {"ada", "barbara", "edsger", "tony"};
	rt_map_init(&requests, RT_MAP_STRINGS, sizeof(int));
	for (int i = 0; i < 4; i++)
		must(rt_map_put_string(&requests, users[i], &i));
	drop_idle();
	run_both(print, login, NULL, NULL);
	rt_map_fini(&requests);
	return 0;
}
