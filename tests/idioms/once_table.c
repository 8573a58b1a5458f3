// A table whose entries are made at first use, each by double-checked locking, under a lock for readers and writers.
#include "../idiom.h"

struct s {
	long a;
};
static _Atomic(struct s *) table[16];
static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;

static struct s *get(unsigned key)
{
	struct s *p = LOAD(&table[key], acquire);
	if (p)
		return p;
	pthread_rwlock_wrlock(&l);
	p = LOAD(&table[key], relaxed);
	if (!p) {
		p = malloc(sizeof *p);
		if (!BROKEN)
			p->a = key;
		STORE(&table[key], p, release);
		if (BROKEN)
			p->a = key;
	}
	pthread_rwlock_unlock(&l);
	return p;
}

static void *any(void *x)
{
	long s = 0;
	for (long i = 0; i < rounds; i++)
		s += get(i * 7 % 16)->a;
	return (void *)s;
}

static int body(void)
{
	run_all(3, any);
	puts("ok");
	return 0;
}
