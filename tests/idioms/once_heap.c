// Double-checked locking in objects of the heap: a name and a child, each with the object's own lock.
#include "../idiom.h"

struct node {
	pthread_mutex_t m;
	long key;
	_Atomic(char *) name;
	_Atomic(struct node *) child;
};
static struct node *root;

static struct node *make(long key)
{
	struct node *n = calloc(1, sizeof *n);
	pthread_mutex_init(&n->m, NULL);
	n->key = key;
	return n;
}

static char *name_of(struct node *n)
{
	char *s = LOAD(&n->name, acquire);
	if (s)
		return s;
	pthread_mutex_lock(&n->m);
	s = LOAD(&n->name, relaxed);
	if (!s) {
		s = malloc(16);
		if (!BROKEN)
			snprintf(s, 16, "n%ld", n->key);
		STORE(&n->name, s, release);
		if (BROKEN)
			snprintf(s, 16, "n%ld", n->key);
	}
	pthread_mutex_unlock(&n->m);
	return s;
}

static struct node *child_of(struct node *n)
{
	struct node *c = LOAD(&n->child, acquire);
	if (c)
		return c;
	pthread_mutex_lock(&n->m);
	c = LOAD(&n->child, acquire);
	if (!c) {
		c = make(n->key + 1);
		STORE(&n->child, c, release);
	}
	pthread_mutex_unlock(&n->m);
	return c;
}

static void *any(void *x)
{
	long s = 0;
	for (long i = 0; i < rounds / 4; i++) {
		struct node *n = root;
		for (int k = 0; k < 5; k++) {
			s += name_of(n)[1] + n->key;
			n = child_of(n);
		}
	}
	return (void *)s;
}

static int body(void)
{
	root = make(0);
	run_all(3, any);
	puts("ok");
	return 0;
}
