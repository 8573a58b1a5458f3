// Something is made at first use, by whoever's exchange comes first.
#include "../idiom.h"

struct s {
	long a;
};
static _Atomic(struct s *) p_;

static struct s *get(void)
{
	struct s *p = LOAD(&p_, acquire);
	if (p)
		return p;
	struct s *n = malloc(sizeof *n), *e = NULL;
	if (!BROKEN)
		n->a = 7;
	if (COMPARE_EXCHANGE(&p_, &e, n, acq_rel, acquire)) {
		if (BROKEN)
			n->a = 7;
		return n;
	}
	free(n);
	return e;
}

static void *any(void *x)
{
	long s = 0;
	for (long i = 0; i < rounds; i++)
		s += get()->a;
	return (void *)s;
}

static int body(void)
{
	run_all(3, any);
	puts("ok");
	return 0;
}
