// Double-checked locking: what is made at first use is looked at without the lock, and again with it.
#include "../idiom.h"

struct s {
	long a;
};
static _Atomic(struct s *) p_;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static struct s *get(void)
{
	struct s *p = LOAD(&p_, acquire);
	if (p)
		return p;
	pthread_mutex_lock(&m);
	p = LOAD(&p_, relaxed);
	if (!p) {
		p = malloc(sizeof *p);
		if (!BROKEN)
			p->a = 7;
		STORE(&p_, p, release);
		if (BROKEN)
			p->a = 7;
	}
	pthread_mutex_unlock(&m);
	return p;
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
