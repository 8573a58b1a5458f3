/* An access log that two servers write to. Row S1: both append to one slice variable without a lock. They can read the same
 * len and write the same element, and one request is lost.
 */
/* expect: race-slice-header race-data */
#include <racetrack/slice.h>

#include "../example.h"

struct request {
	int status;
	char path[28];
};

static struct rt_slice access_log = RT_SLICE_OF(struct request);

static void *serve_pages(void *unused)
{
	struct request request = {200, "/index.html"};
	must(rt_slice_append(&access_log, &request)); // racetrack: race-slice-header a; race-data a
	return unused;
}

static void *serve_api(void *unused)
{
	struct request request = {404, "/api/v1/users/17"};
	must(rt_slice_append(&access_log, &request)); // racetrack: race-slice-header b; race-data b
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
