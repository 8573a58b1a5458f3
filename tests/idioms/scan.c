// Who waits looks through the flags of all until each of them is set.
#include "../idiom.h"

enum { T = 4 };
static atomic_int ready[T];
static long data[T];

static void *work(void *x)
{
	long me = (long)x;
	if (!BROKEN)
		data[me] = me + 1;
	STORE(&ready[me], 1, release);
	if (BROKEN)
		data[me] = me + 1;
	return x;
}

static int body(void)
{
	pthread_t threads[T];
	long s = 0;
	for (long i = 0; i < T; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (;;) {
		int i;
		for (i = 0; i < T; i++)
			if (!LOAD(&ready[i], acquire))
				break;
		if (i == T)
			break;
	}
	for (int i = 0; i < T; i++)
		s += data[i];
	for (int i = 0; i < T; i++)
		pthread_join(threads[i], NULL);
	TELL("%ld", s);
	return 0;
}
