/* A request line is split into fields, and a handler adds to the ones it was given. Row S3,
 * repaired: it is given fields[1:3:3], which has no spare capacity, so its append copies.
 */
/* expect: nothing */
#include <racetrack/slice.h>

#include "../example.h"

typedef const char *field;

static const char *const line[] = {"GET", "/cart", "item=7", "HTTP/1.1", "keep-alive"};

static void handle(struct rt_slice *arguments)
{
	field session = "session=42";
	must(rt_slice_append(arguments, &session));
	for (size_t i = 0; i < rt_slice_len(arguments); i++)
		printf("argument %s\n", *(field *)rt_slice_ref(arguments, i));
}

int main(void)
{
	struct rt_slice fields, arguments;
	field protocol;
	must(rt_slice_make(&fields, sizeof(field), 0, 8));
	must(rt_slice_append_many(&fields, line, sizeof line / sizeof line[0]));

	must(rt_slice_cut3(&fields, 1, 3, 3, &arguments));
	handle(&arguments);
	rt_slice_drop(&arguments);

	must(rt_slice_get(&fields, 3, &protocol));
	printf("protocol %s\n", protocol);
	rt_slice_drop(&fields);
	return 0;
}
