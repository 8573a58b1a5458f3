// Objects in turn, the last one by its number; who copies one, by vectors where there are some, looks at the number again, and begins
// anew where it is another by then.
// not at: -Os
#include "../idiom.h"

enum { OBJECTS = 4096 };
static struct object {
	long words[8];
} objects[OBJECTS + 1];
static struct {
	long unused;
	atomic_ulong number;
} last;

static __attribute__((noinline)) unsigned long copy(struct object *to)
{
	unsigned long number;
	do {
		number = LOAD(&last.number, acquire);
		*to = objects[number];
		atomic_signal_fence(memory_order_acq_rel);
	} while (number != LOAD(&last.number, acquire));
	return number;
}

static void fill(struct object *object, long value)
{
	for (int i = 0; i < 8; i++)
		object->words[i] = value;
}

static void *write_all(void *x)
{
	for (long i = 1; i <= OBJECTS; i++) {
		if (!BROKEN)
			fill(&objects[i], i);
		STORE(&last.number, (unsigned long)i, release);
		if (BROKEN)
			fill(&objects[i], i);
		if (i % 16 == 0)
			sched_yield();
	}
	return x;
}

static void *read_all(void *x)
{
	struct object object;
	bool is_whole = true;
	while (copy(&object) < OBJECTS)
		is_whole = is_whole && object.words[0] == object.words[7];
	TELL("%s", is_whole ? "whole" : "torn");
	return x;
}

static int body(void)
{
	run_two(write_all, read_all);
	return 0;
}
