// References: dropped by a release, the last one with an acquire fence.
#include "../idiom.h"

struct o {
	atomic_int r;
	long v[3];
};

static void drop(struct o *o)
{
	if (BROKEN) {
		if (SUB(&o->r, 1, release) == 2)
			o->v[1]++;
		else
			return;
	} else if (SUB(&o->r, 1, release) != 1)
		return;
	FENCE(acquire);
	o->v[0] += o->v[1];
	if (!BROKEN)
		free(o);
}
static struct o *objs[4096];

static void *any(void *x)
{
	for (long i = 0; i < rounds % 4096; i++) {
		objs[i]->v[(long)x]++;
		drop(objs[i]);
	}
	return x;
}

static int body(void)
{
	for (long i = 0; i < rounds % 4096; i++) {
		objs[i] = calloc(1, sizeof(struct o));
		objs[i]->r = 2;
	}
	run_all(2, any);
	puts("ok");
	return 0;
}
