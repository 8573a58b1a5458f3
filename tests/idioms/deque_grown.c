// A deque for work stealing (Chase & Lev) whose array grows: thieves load the array, and what is in it, before they know whether they get it.
// not at: -O0 -Os
#include "../idiom.h"

struct work {
	long value;
};
struct array {
	long room;
	struct array *before;
	_Atomic(struct work *) at[];
};
static struct {
	_Alignas(64) atomic_long top;
	_Alignas(64) atomic_long bottom;
	_Atomic(struct array *) array;
} deque;
static atomic_long taken, sum;

static struct array *make(long room, struct array *before)
{
	struct array *array = calloc(1, sizeof(*array) + (size_t)room * sizeof(array->at[0]));
	array->room = room;
	array->before = before;
	return array;
}

static void put(struct work *work)
{
	long bottom = LOAD(&deque.bottom, relaxed), top = LOAD(&deque.top, acquire);
	struct array *array = LOAD(&deque.array, relaxed);
	if (bottom - top >= array->room) {
		struct array *larger = make(2 * array->room, array);
		for (long i = top; i < bottom; i++) {
			struct work *old = LOAD(&array->at[i % array->room], relaxed);
			STORE(&larger->at[i % larger->room], old, relaxed);
		}
		STORE(&deque.array, larger, release);
		array = larger;
	}
	STORE(&array->at[bottom % array->room], work, relaxed);
	STORE(&deque.bottom, bottom + 1, release);
}

static struct work *steal(void)
{
	long top = LOAD(&deque.top, acquire);
	FENCE(seq_cst);
	if (top >= LOAD(&deque.bottom, acquire))
		return NULL;
	struct array *array = LOAD(&deque.array, acquire);
	struct work *work = LOAD(&array->at[top & (array->room - 1)], relaxed);
	return COMPARE_EXCHANGE(&deque.top, &top, top + 1, seq_cst, relaxed) ? work : NULL;
}

static void *thief(void *x)
{
	long own = 0;
	while (LOAD(&taken, acquire) < rounds) {
		struct work *work = steal();
		if (work) {
			own += work->value;
			ADD(&taken, 1, release);
		} else {
			sched_yield();
		}
	}
	ADD(&sum, own, relaxed);
	return x;
}

static void *owner(void *x)
{
	for (long i = 0; i < rounds; i++) {
		struct work *work = calloc(1, sizeof(*work));
		if (!BROKEN)
			work->value = i;
		put(work);
		if (BROKEN)
			work->value = i;
		if (i % 64 == 0)
			sched_yield();
	}
	return thief(x);
}

static int body(void)
{
	deque.array = make(2, NULL);
	run_two(owner, thief);
	TELL("%ld", sum);
	return 0;
}
