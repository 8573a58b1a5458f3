/* A router builds its paths by appending to a common prefix. Row S5, the mistake: both paths start as prefix[0:len], with the
 * prefix's spare capacity behind it, so the second path is written over the first.
 */
/* expect: slice-alias-append */
#include <string.h>

#include <racetrack/slice.h>

#include "../example.h"

static void add(struct rt_slice *path, const char *text)
{
	must(rt_slice_append_many(path, text, strlen(text))); // racetrack: slice-alias-append a
}

static void show(const struct rt_slice *path)
{
	printf("%.*s\n", (int)rt_slice_len(path), (const char *)rt_slice_ref(path, 0));
}

int main(void)
{
	struct rt_slice prefix, users, orders;
	must(rt_slice_make(&prefix, 1, 0, 64));
	add(&prefix, "/api/v1");
	size_t len = rt_slice_len(&prefix);
	// racetrack: slice-alias-append b
	must(rt_slice_cut(&prefix, 0, len, &users));
	add(&users, "/users");
	must(rt_slice_cut(&prefix, 0, len, &orders)); // racetrack: slice-alias-append c
	add(&orders, "/orders");

	show(&users);
	show(&orders);
	rt_slice_drop(&users);
	rt_slice_drop(&orders);
	rt_slice_drop(&prefix);
	return 0;
}
