// A dissemination barrier: each round a thread sets a partner's flag, and waits until its own has the value that it keeps in memory.
#include "../idiom.h"

enum { T = 2, ROUNDS = 2 };

struct flags {
	atomic_uint *partner;
	atomic_uint mine;
};
struct thread {
	unsigned id, sense, parity;
	struct flags *flags;
	long data;
};
static struct thread threads[T];

/* Two sets of flags take turns: who goes on at once does not come to those that others still look at. */
static __attribute__((noinline)) void meet(struct thread *me)
{
	struct flags *flags = &me->flags[me->parity * ROUNDS];
	for (unsigned i = 0; i < ROUNDS; i++) {
		STORE(flags[i].partner, me->sense, release);
		while (LOAD(&flags[i].mine, acquire) != me->sense)
			relax();
	}
	if (me->parity)
		me->sense = !me->sense;
	me->parity = !me->parity;
}

static void *any(void *x)
{
	struct thread *me = x, *other = &threads[!me->id];
	long s = 0;
	for (int n = 0; n < 4; n++) {
		if (!BROKEN)
			me->data = n;
		meet(me);
		if (BROKEN)
			me->data = n;
		s += other->data;
		meet(me);
	}
	return (void *)s;
}

static int body(void)
{
	/* Each time there are new ones. */
	long sum = 0;
	for (int n = 0; n < 20; n++) {
		pthread_t run[T];
		for (unsigned i = 0; i < T; i++)
			threads[i] = (struct thread){
				.id = i, .sense = 1, .flags = calloc(2 * ROUNDS, sizeof(struct flags))};
		for (unsigned i = 0; i < T * 2 * ROUNDS; i++)
			threads[i % T].flags[i / T].partner = &threads[!(i % T)].flags[i / T].mine;
		for (unsigned i = 0; i < T; i++)
			pthread_create(&run[i], NULL, any, &threads[i]);
		for (unsigned i = 0; i < T; i++) {
			void *result;
			pthread_join(run[i], &result);
			sum += (long)result;
		}
		for (unsigned i = 0; i < T; i++)
			free(threads[i].flags);
	}
	TELL("%ld", sum);
	return 0;
}
