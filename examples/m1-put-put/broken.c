/* Two listeners record the sessions that they open. Row M1: both put into one map without a lock. The keys differ, the
 * counters and slots of the map do not: entries get lost, and a put that grows the map pulls it away from the other.
 */
/* expect: race-map */
#include <racetrack/map.h>

#include "../example.h"

struct session {
	int socket;
	char user[28];
};

static struct rt_map sessions;

static void *listen_plain(void *unused)
{
	struct session session = {4, "ada"};
	must(rt_map_put(&sessions, 4711, &session)); // racetrack: race-map a
	return unused;
}

static void *listen_tls(void *unused)
{
	struct session session = {5, "grace"};
	must(rt_map_put(&sessions, 4712, &session)); // racetrack: race-map b
	return unused;
}

int main(void)
{
	struct rt_map_iterator it;
	rt_map_init(&sessions, RT_MAP_INTEGERS, sizeof(struct session));
	run_both(listen_plain, listen_tls, NULL, NULL);
	rt_map_iterate(&sessions, &it);
	while (rt_map_next(&it)) {
		const struct session *session = it.value;
		printf("%llu: %s on %d\n", (unsigned long long)it.key, session->user, session->socket);
	}
	rt_map_fini(&sessions);
	return 0;
}
