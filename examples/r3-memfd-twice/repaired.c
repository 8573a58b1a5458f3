/* Statistics in a memfd, which the part that serves and the part that prints have mapped separately, as its bytes were
 * handed over by a descriptor. Row R3, repaired: the counter is changed by an atomic instruction, at either address.
 */
/* expect: nothing */
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
		__atomic_fetch_add(&statistics->requests, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void *serve_local(void *mapped)
{
	struct statistics *statistics = mapped;
	for (int i = 0; i < ROUNDS; i++)
		__atomic_fetch_add(&statistics->requests, 2, __ATOMIC_RELAXED);
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
