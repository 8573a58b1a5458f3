// Treiber's stack with a tag beside the pointer: 16 bytes are exchanged.
// not at: -O0
// cflags: -mcx16 -latomic
#include "../idiom.h"

struct node {
	struct node *next;
	long v;
};
typedef struct {
	struct node *p;
	uintptr_t tag;
} top_t;
static _Alignas(16) top_t top;
static struct node pool[8];
static inline bool cas16(top_t *at, top_t *e, top_t n)
{
	bool ok;
	__asm__ volatile("lock cmpxchg16b %1"
			 : "=@ccz"(ok), "+m"(*at), "+a"(e->p), "+d"(e->tag)
			 : "b"(n.p), "c"(n.tag)
			 : "memory");
	return ok;
}
static inline top_t get(void)
{
	top_t t;
	t.tag = __atomic_load_n(&top.tag, __ATOMIC_ACQUIRE);
	t.p = __atomic_load_n(&top.p, __ATOMIC_ACQUIRE);
	return t;
}

static void push(struct node *n)
{
	top_t o = get(), w;
	do {
		__atomic_store_n(&n->next, o.p, __ATOMIC_RELAXED);
		w = (top_t){n, o.tag + 1};
	} while (!cas16(&top, &o, w));
	if (BROKEN)
		n->v++;
}

static struct node *pop(void)
{
	top_t o = get(), w;
	do {
		if (!o.p)
			return NULL;
		w = (top_t){__atomic_load_n(&o.p->next, __ATOMIC_RELAXED), o.tag + 1};
	} while (!cas16(&top, &o, w));
	return o.p;
}

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++) {
		struct node *n = pop();
		if (n) {
			n->v++;
			push(n);
		} else
			sched_yield();
	}
	return x;
}

static int body(void)
{
	for (int i = 0; i < 8; i++)
		push(&pool[i]);
	run_all(3, any);
	puts("ok");
	return 0;
}
