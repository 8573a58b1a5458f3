// Who uses an object without a reference of its own, or after it gave its own away, races with the free by who drops the last one.
#include <stdatomic.h>
#include <string.h>
#include "pair.h"

struct object {
	atomic_int references;
	char text[60];
};
static struct object *borrowed, *given;

static __attribute__((noinline)) void drop(struct object *from)
{
	if (!from->text[0] && atomic_fetch_sub(&from->references, 1) == 1)
		free(from);   // race: race-free borrowed; race-free given
	__asm__ volatile(""); /* calls, and no jumps */
}

static void use(void)
{
	racetrack_read(borrowed->text, sizeof(borrowed->text)); // race: race-free borrowed
	drop(given);
	racetrack_read(given->text, sizeof(given->text)); // race: race-free given
	__asm__ volatile("");
}

static void drop_last(void)
{
	drop(borrowed);
	drop(given);
}

static struct object *make(int references)
{
	struct object *object = malloc(sizeof(*object));
	MUST(object);
	atomic_init(&object->references, references);
	memset(object->text, 0, sizeof(object->text));
	return object;
}

int main(void)
{
	borrowed = make(1);
	given = make(2);
	pair_run(use, drop_last);
	return 0;
}
