/* An access log that two servers write to. Row S1, repaired: one lock around every use of the slice. */
/* expect: nothing */
#include <racetrack/slice.h>

#include "../example.h"

struct request {
	int status;
	char path[28];
};

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static struct rt_slice access_log = RT_SLICE_OF(struct request);

static void log_request(const struct request *request)
{
	pthread_mutex_lock(&log_lock);
	must(rt_slice_append(&access_log, request));
	pthread_mutex_unlock(&log_lock);
}

static void *serve_pages(void *unused)
{
	struct request request = {200, "/index.html"};
	log_request(&request);
	return unused;
}

static void *serve_api(void *unused)
{
	struct request request = {404, "/api/v1/users/17"};
	log_request(&request);
	return unused;
}

int main(void)
{
	must(rt_slice_make(&access_log, sizeof(struct request), 0, 1));
	run_both(serve_pages, serve_api, NULL, NULL);
	for (size_t i = 0; i < rt_slice_len(&access_log); i++) {
		struct request request;
		must(rt_slice_get(&access_log, i, &request));
		printf("%d %s\n", request.status, request.path);
	}
	rt_slice_drop(&access_log);
	return 0;
}
