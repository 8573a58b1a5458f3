// A count of references: who drops the last one frees what the others used before they dropped theirs.
#include "pair.h"

struct object {
	int references;
	char data[16];
};

static struct object *object, *fenced;

static void drop(struct object *it)
{
	if (__atomic_fetch_sub(&it->references, 1, __ATOMIC_ACQ_REL) == 1)
		free(it);
}

static void drop_with_fence(struct object *it)
{
	if (__atomic_fetch_sub(&it->references, 1, __ATOMIC_RELEASE) != 1)
		return;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	free(it);
}

static void use_and_drop(void)
{
	static __thread unsigned sum;
	for (unsigned i = 0; i < sizeof object->data; i++)
		sum += (unsigned char)object->data[i] + (unsigned char)fenced->data[i];
	drop(object);
	drop_with_fence(fenced);
}

static void write_and_drop(void)
{
	struct object *gone = object, *gone_fenced = fenced;
	__atomic_fetch_add(&gone->references, 1, __ATOMIC_RELAXED);
	drop(gone);
	drop(gone);
	drop_with_fence(gone_fenced);
}

static struct object *create(void)
{
	struct object *it = malloc(sizeof *it);
	MUST(it != NULL);
	*it = (struct object){.references = 2};
	return it;
}

int main(void)
{
	object = create();
	fenced = create();
	pair_run(use_and_drop, write_and_drop);
	return 0;
}
