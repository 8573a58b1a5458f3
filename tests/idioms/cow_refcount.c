// Copy on write: a table is replaced by a pointer's exchange, readers count references.
#include "../idiom.h"

struct cfg {
	atomic_int refs;
	long a, b;
};
static struct cfg *cur;
static atomic_int sl;
static long lost;

static void lk(void)
{
	while (EXCHANGE(&sl, 1, acquire))
		sched_yield();
}
static void ulk(void)
{
	STORE(&sl, 0, release);
}

static void put(struct cfg *c)
{
	if (SUB(&c->refs, 1, acq_rel) == 1) {
		c->a = c->b = -1;
		free(c);
	}
}

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++)
		if ((long)x == 0) {
			struct cfg *n = malloc(sizeof *n), *o;
			n->refs = 1;
			n->a = n->b = i;
			lk();
			o = cur;
			cur = n;
			ulk();
			put(o);
		} else {
			struct cfg *c;
			if (!BROKEN)
				lk();
			c = cur;
			ADD(&c->refs, 1, relaxed);
			if (!BROKEN)
				ulk();
			if (c->a != c->b)
				lost++;
			put(c);
		}
	return x;
}

static int body(void)
{
	cur = calloc(1, sizeof *cur);
	cur->refs = 1;
	run_all(3, any);
	puts("ok");
	return 0;
}
