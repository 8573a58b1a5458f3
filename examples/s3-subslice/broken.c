/* A request line is split into fields, and a handler adds to the ones it was given. Row S3: it was given fields[1:3], which
 * has spare capacity in the array of `fields`, so its append writes over fields[3], which the caller still shows.
 */
/* expect: slice-alias-append */
#include <racetrack/slice.h>

#include "../example.h"

typedef const char *field;

static const char *const line[] = {"GET", "/cart", "item=7", "HTTP/1.1", "keep-alive"};

static void handle(struct rt_slice *arguments)
{
	field session = "session=42";
	must(rt_slice_append(arguments, &session)); // racetrack: slice-alias-append a
	for (size_t i = 0; i < rt_slice_len(arguments); i++)
		printf("argument %s\n", *(field *)rt_slice_ref(arguments, i));
}

int main(void)
{
	struct rt_slice fields, arguments;
	field protocol;
	must(rt_slice_make(&fields, sizeof(field), 0, 8)); // racetrack: slice-alias-append b
	must(rt_slice_append_many(&fields, line, sizeof line / sizeof line[0]));
	// racetrack: slice-alias-append c
	must(rt_slice_cut(&fields, 1, 3, &arguments));
	handle(&arguments);
	rt_slice_drop(&arguments);

	must(rt_slice_get(&fields, 3, &protocol));
	printf("protocol %s\n", protocol);
	rt_slice_drop(&fields);
	return 0;
}
