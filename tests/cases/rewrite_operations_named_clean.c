// C functions whose names say that they are atomic loads and stores of a variable whose type does not.
#include <stdlib.h>
#include "pair.h"

struct place {
	int *value;
};
struct box {
	struct place last;
	int all[64];
};

static inline int *atomic_load_place(struct place *place)
{
	return __atomic_load_n(&place->value, __ATOMIC_ACQUIRE);
}

static inline void atomic_store_place(struct place *place, int *value)
{
	__atomic_store_n(&place->value, value, __ATOMIC_RELEASE);
}

static struct box *box;

static void put(void)
{
	for (int i = 0; i < 64; i++) {
		box->all[i] = 1;
		atomic_store_place(&box->last, &box->all[i]);
	}
}

static void look(void)
{
	for (int i = 0; i < 1000; i++) {
		int *last = atomic_load_place(&box->last);
		MUST(!last || *last == 1);
	}
}

int main(void)
{
	box = calloc(1, sizeof(*box));
	MUST(box);
	pair_run(put, look);
	free(box);
	return 0;
}
