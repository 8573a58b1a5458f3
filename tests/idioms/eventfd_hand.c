// A hand-over by eventfd, with an atomic flag in front.
#include "../idiom.h"

static int e;
static long data;

static void *rd(void *x)
{
	uint64_t c;
	struct pollfd f = {.fd = e, .events = POLLIN};
	while (poll(&f, 1, 1000) != 1)
		;
	if (read(e, &c, 8) != 8)
		return x;
	return (void *)data;
}

static void *wr(void *x)
{
	uint64_t c = 1;
	if (!BROKEN)
		data = 3;
	if (write(e, &c, 8) != 8)
		return x;
	if (BROKEN)
		data = 3;
	return x;
}

static int body(void)
{
	e = eventfd(0, 0);
	run_two(rd, wr);
	puts("ok");
	return 0;
}
