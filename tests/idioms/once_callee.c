// Double-checked locking in several functions: the first look is in one, the second in another, the lock is taken in a third.
#include "../idiom.h"

#define OUT_OF_LINE __attribute__((noinline))

struct s {
	pthread_mutex_t m;
	long locks;
	_Atomic(long *) made;
};
static struct s objects[4];

static OUT_OF_LINE void take(struct s *o)
{
	pthread_mutex_lock(&o->m);
	o->locks++;
}

static OUT_OF_LINE void leave(struct s *o)
{
	o->locks++;
	pthread_mutex_unlock(&o->m);
}

static OUT_OF_LINE long *make(struct s *o)
{
	take(o);
	long *p = LOAD(&o->made, relaxed);
	if (!p) {
		p = malloc(sizeof *p);
		if (!BROKEN)
			*p = 7;
		STORE(&o->made, p, release);
		if (BROKEN)
			*p = 7;
	}
	leave(o);
	return p;
}

static long *get(struct s *o)
{
	long *p = LOAD(&o->made, acquire);
	return p ? p : make(o);
}

static void *any(void *x)
{
	long s = 0;
	for (long i = 0; i < rounds; i++)
		s += *get(&objects[i % 4]);
	return (void *)s;
}

static int body(void)
{
	for (int i = 0; i < 4; i++)
		pthread_mutex_init(&objects[i].m, NULL);
	run_all(3, any);
	puts("ok");
	return 0;
}
