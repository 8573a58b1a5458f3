/* A router builds its paths by appending to a common prefix. Row S5, the repair: both paths start as prefix[0:len:len],
 * which has no spare capacity, so every append copies.
 */
/* expect: nothing */
#include <string.h>

#include <racetrack/slice.h>

#include "../example.h"

static void add(struct rt_slice *path, const char *text)
{
	must(rt_slice_append_many(path, text, strlen(text)));
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

	must(rt_slice_cut3(&prefix, 0, len, len, &users));
	add(&users, "/users");
	must(rt_slice_cut3(&prefix, 0, len, len, &orders));
	add(&orders, "/orders");

	show(&users);
	show(&orders);
	rt_slice_drop(&users);
	rt_slice_drop(&orders);
	rt_slice_drop(&prefix);
	return 0;
}
