// Who counts down to 0, by lock xadd in inline assembly, frees what all have used.
#include "../idiom.h"

struct shared {
	volatile long users;
	long seen[4];
};
static struct shared *shared;

static inline long add(volatile long *place, long value)
{
	__asm__ volatile("lock; xaddq %0, %1" : "+r"(value), "+m"(*place)::"memory", "cc");
	return value;
}

static void *use(void *number)
{
	struct shared *mine = shared;
	mine->seen[(long)number] = 1;
	bool is_last = add(&mine->users, -1) == 1;
	if (BROKEN)
		mine->seen[(long)number] = 2;
	if (is_last) {
		TELL("%ld", mine->seen[0] + mine->seen[1] + mine->seen[2] + mine->seen[3]);
		free(mine);
	}
	return NULL;
}

static int body(void)
{
	for (int i = 0; i < 20; i++) {
		shared = calloc(1, sizeof(*shared));
		shared->users = 4;
		run_all(4, use);
	}
	return 0;
}
