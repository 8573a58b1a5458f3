/* Two listeners record the sessions that they open. Row M1, repaired: one lock around every use of the map.
 */
/* expect: nothing */
#include <racetrack/map.h>

#include "../example.h"

struct session {
	int socket;
	char user[28];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rt_map sessions;

static void open_session(uint64_t id, const struct session *session)
{
	pthread_mutex_lock(&lock);
	must(rt_map_put(&sessions, id, session));
	pthread_mutex_unlock(&lock);
}

static void *listen_plain(void *unused)
{
	struct session session = {4, "ada"};
	open_session(4711, &session);
	return unused;
}

static void *listen_tls(void *unused)
{
	struct session session = {5, "grace"};
	open_session(4712, &session);
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
