/* Request headers are kept in a map as byte slices that were carved from the one buffer they arrived in. Row S8,
 * repaired: every value's capacity ends where the value ends, so a proxy that adds its name to one copies it.
 */
/* expect: nothing */
#include <string.h>

#include <racetrack/map.h>
#include <racetrack/slice.h>

#include "../example.h"

static struct rt_map headers; /* name -> slice of bytes */

static void parse(const struct rt_slice *buffer)
{
	const char *text = rt_slice_ref(buffer, 0);
	size_t at = 0, len = rt_slice_len(buffer);
	while (at < len) {
		const char *name = text + at;
		size_t value = at + (size_t)((const char *)memchr(name, '=', len - at) - name) + 1;
		size_t end = value +
			     (size_t)((const char *)memchr(text + value, ';', len - value) - (text + value));
		struct rt_slice slice;
		must(rt_slice_cut3(buffer, value, end, end, &slice));
		must(rt_map_put_bytes(&headers, name, value - 1 - at, &slice));
		at = end + 1;
	}
}

static void add(const char *name, const char *text)
{
	struct rt_slice *value = rt_map_ref_bytes(&headers, name, strlen(name));
	must(rt_slice_append_many(value, text, strlen(text)));
}

int main(void)
{
	static const char request[] = "via=cache.example;host=www.example;user=ada;";
	struct rt_slice buffer;
	struct rt_map_iterator it;
	must(rt_slice_make(&buffer, 1, 0, 256));
	must(rt_slice_append_many(&buffer, request, sizeof request - 1));
	rt_map_init(&headers, RT_MAP_BYTES, sizeof(struct rt_slice));
	parse(&buffer);
	rt_slice_drop(&buffer); /* the values hold its array */

	add("via", ", proxy.example");

	rt_map_iterate(&headers, &it);
	while (rt_map_next(&it)) {
		printf("%s: %.*s\n", (const char *)it.bytes, (int)rt_slice_len(it.value),
			(const char *)rt_slice_ref(it.value, 0));
		rt_slice_drop(it.value);
	}
	rt_map_fini(&headers);
	return 0;
}
