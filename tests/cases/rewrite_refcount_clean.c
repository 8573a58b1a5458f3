// Who drops the last reference to an object frees it: after what all others did with it.
#include <stdatomic.h>
#include <string.h>
#include "pair.h"

struct object {
	atomic_int references;
	char text[60];
};
static struct object *object;

static __attribute__((noinline)) void drop(struct object *from)
{
	if (atomic_fetch_sub(&from->references, 1) == 1)
		free(from);
}

static void use(void)
{
	racetrack_read(object->text, sizeof(object->text));
	drop(object);
}

int main(void)
{
	object = malloc(sizeof(*object));
	MUST(object);
	atomic_init(&object->references, 2);
	memset(object->text, 0, sizeof(object->text));
	pair_run(use, use);
	return 0;
}
