/* A server counts requests per user, drops idle users, and prints its counters. Row M2, repaired: the clean-up
 * deletes through its iterator, and a lock is held during a whole iteration and around every put.
 */
/* expect: nothing */
#include <racetrack/map.h>

#include "../example.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rt_map requests; /* by user */

static void drop_idle(void)
{
	struct rt_map_iterator it;
	rt_map_iterate(&requests, &it);
	while (rt_map_next(&it))
		if (*(int *)it.value == 0)
			rt_map_delete_here(&it);
}

static void *print(void *unused)
{
	struct rt_map_iterator it;
	int sum = 0;
	pthread_mutex_lock(&lock);
	rt_map_iterate(&requests, &it);
	while (rt_map_next(&it))
		sum += *(int *)it.value;
	pthread_mutex_unlock(&lock);
	printf("%d requests\n", sum);
	return unused;
}

static void *login(void *unused)
{
	int first = 1;
	pthread_mutex_lock(&lock);
	must(rt_map_put_string(&requests, "grace", &first));
	pthread_mutex_unlock(&lock);
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
