/* Statistics in a memfd, which the part that serves and the part that prints have mapped separately, as its bytes were
 * handed over by a descriptor. Row R3: both change a counter by plain loads and stores, at two addresses.
 */
/* expect: race-alias */
#include "../shared.h"

enum { ROUNDS = 1000 };

struct statistics {
	long started_ns;
	volatile long requests;
};

static void *serve(void *mapped)
{
	struct statistics *statistics = mapped;
	for (int i = 0; i < ROUNDS; i++)
		statistics->requests++; // racetrack: race-alias a
	return NULL;
}

static void *serve_local(void *mapped)
{
	struct statistics *statistics = mapped;
	for (int i = 0; i < ROUNDS; i++)
		statistics->requests += 2; // racetrack: race-alias b
	return NULL;
}

int main(void)
{
	int fd = make_memory(sizeof(struct statistics));
	struct statistics *one = map_file(fd, sizeof *one), *other = map_file(fd, sizeof *other);
	run_both(serve, serve_local, one, other);
	printf("%ld requests\n", other->requests);
	return munmap(one, sizeof *one) || munmap(other, sizeof *other);
}
