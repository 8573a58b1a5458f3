/* Two threads that access overlapping bytes at the same moment, one of them writing: whatever their sizes, whether pages are
 * folded, unfolded, overflow or change their owner at that moment, at least one of the two must see the other. Every round uses what the
 * rounds before left behind, ordered before it.
 *
 * In some rounds the one hands a word over by an atomic object that the other works at meanwhile: by the value that the other
 * finds there it must be ordered after the first, or race with it.
 *
 * usage: concurrent_test [rounds [seed]] */
#include "shadow/counters.h"
#include "shadow/engine.h"
#include "shadow/owner.h"
#include "shadow/thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 2, PAGE = 4096, PAGES = 3 };

struct plan {
	bool announced; /* by the short way, where there is one */
	size_t offset, bytes;
	bool write;
	bool hands_over; /* the rest is about that, and what is above is not */
	enum how { PLAINLY, BY_ORDER, BY_FENCE } how;
	enum meanwhile { LOADS, CHANGES, STORES, RELEASES, MEANWHILES } meanwhile;
	unsigned pauses; /* before it */
};

static char memory[PAGES * PAGE] __attribute__((aligned(PAGE)));
static struct rt_thread *states[THREADS];
static struct plan plans[THREADS];
static unsigned start, ready, done;
static bool stop;

/* The two meet by spinning, so that they set off together; the main thread gives its processor away. */
static void wait_for(const unsigned *count, unsigned least, bool yield)
{
	for (unsigned spins = 0; __atomic_load_n(count, __ATOMIC_ACQUIRE) < least; spins++)
		if (yield || spins > 2000)
			sched_yield();
}

static uint64_t findings(void)
{
	return rt_counters[RT_COUNTER_FINDINGS] + rt_counters[RT_COUNTER_REPEATS];
}

/* A clean meeting point between rounds: everything before is ordered before everything after. */
enum { MEETING = 0x1000 };

/* ---- handing over ---- */

enum { OBJECT = 2 * PAGE + 1024, WORD = OBJECT + 1024, LOOKS = 24 };

/* Values of the object. What the second adds leaves the first's what it is. */
enum { OF_FIRST = 1 << 16, OF_SECOND = 2 << 16 };

/* The second knows by what it read that the first's word happened before. */
static bool ordered;

struct operation {
	enum rt_atomic_kind kind;
	int value, found;
};

static bool operate(void *argument)
{
	struct operation *operation = argument;
	int *object = (int *)(memory + OBJECT);
	if (operation->kind == RT_ATOMIC_LOAD)
		operation->found = __atomic_load_n(object, __ATOMIC_SEQ_CST);
	else if (operation->kind == RT_ATOMIC_STORE)
		__atomic_store_n(object, operation->value, __ATOMIC_RELEASE);
	else
		operation->found = __atomic_fetch_add(object, operation->value, __ATOMIC_SEQ_CST);
	return true;
}

/* The value found. */
static int atomically(unsigned who, enum rt_atomic_kind kind, enum rt_order order, int value)
{
	struct operation operation = {kind, value, 0};
	struct rt_site site = {.pc = 0x401100 + who};
	struct rt_thread *self = rt_enter();
	rt_atomic(self, &site, memory + OBJECT, sizeof(int), kind, order, order, operate, &operation);
	rt_leave(self);
	return operation.found;
}

static void fence(enum rt_order order)
{
	struct rt_thread *self = rt_enter();
	rt_fence(self, order);
	rt_leave(self);
}

static void hand_over(const struct plan *plan)
{
	rt_access_announced(memory + WORD, 8, RT_WRITE, 0x401200);
	if (plan->how == BY_FENCE)
		fence(RT_ORDER_RELEASE);
	atomically(0, RT_ATOMIC_STORE, plan->how == BY_ORDER ? RT_ORDER_RELEASE : RT_ORDER_RELAXED, OF_FIRST);
}

/* A store of its own ends what the first began, whatever it says of itself. */
static void take_over(const struct plan *plan, enum how first)
{
	bool by_fence = plan->how == BY_FENCE;
	ordered = false;
	for (unsigned i = 0; i < LOOKS; i++) {
		int found = atomically(1, RT_ATOMIC_LOAD, by_fence ? RT_ORDER_RELAXED : RT_ORDER_ACQUIRE, 0);
		if (plan->meanwhile == CHANGES) {
			int changed = atomically(1, RT_ATOMIC_CHANGE, RT_ORDER_RELAXED, 1);
			found |= by_fence ? changed : 0;
		} else if (plan->meanwhile != LOADS)
			atomically(1, RT_ATOMIC_STORE,
				plan->meanwhile == STORES ? RT_ORDER_RELAXED : RT_ORDER_RELEASE, OF_SECOND);
		ordered |= (found & OF_FIRST) && first != PLAINLY;
	}
	if (by_fence)
		fence(RT_ORDER_ACQUIRE);
	rt_access_announced(memory + WORD, 8, RT_READ, 0x401201);
}

/* ---- rounds ---- */

static void access_now(unsigned who)
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION + who};
	const struct plan *plan = &plans[who];
	if (plan->hands_over) {
		for (unsigned i = 0; i < plan->pauses; i++)
			__builtin_ia32_pause();
		if (who)
			take_over(plan, plans[0].how);
		else
			hand_over(plan);
		return;
	}
	char *address = memory + plan->offset;
	enum rt_access_kind kind = plan->write ? RT_WRITE : RT_READ;
	if (plan->announced) {
		rt_access_announced(address, plan->bytes, kind, 0x401000 + who);
		return;
	}
	struct rt_thread *self = rt_enter();
	rt_access(self, &site, address, plan->bytes, kind, RT_CLASS_DATA);
	rt_leave(self);
}

static void meet(void (*how)(struct rt_thread *, struct rt_site *, uint64_t, const char *))
{
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	struct rt_thread *self = rt_enter();
	how(self, &site, MEETING, "semaphore");
	rt_leave(self);
}

static void *run(void *argument)
{
	unsigned who = (unsigned)(uintptr_t)argument;
	rt_thread_started(states[who], 100 + who, 0, 0);
	for (unsigned round = 1;; round++) {
		wait_for(&start, round, false);
		if (__atomic_load_n(&stop, __ATOMIC_RELAXED))
			return NULL;
		meet(rt_sync_acquire);
		__atomic_fetch_add(&ready, 1, __ATOMIC_ACQ_REL);
		wait_for(&ready, round * THREADS, false);
		access_now(who);
		/* Not before the other has accessed: a release would order it. */
		__atomic_fetch_add(&done, 1, __ATOMIC_ACQ_REL);
		wait_for(&done, (2 * round - 1) * THREADS, false);
		meet(rt_sync_release);
		__atomic_fetch_add(&done, 1, __ATOMIC_ACQ_REL);
	}
}

static uint64_t random_state;

static unsigned draw(unsigned below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 20) % below;
}

static struct plan draw_plan(bool hands_over)
{
	struct plan plan = {.write = draw(2), .announced = draw(2), .hands_over = hands_over};
	plan.how = (enum how)draw(3);
	plan.pauses = draw(100);
	plan.meanwhile = (enum meanwhile)draw(MEANWHILES);
	switch (draw(3)) {
	case 0: /* whole pages, and more */
		plan.offset = draw(2) ? 0 : draw(64);
		plan.bytes = PAGE * (1 + draw(2)) + draw(64);
		break;
	case 1: /* some granules of the second page */
		plan.offset = PAGE + draw(256);
		plan.bytes = 1 + draw(512);
		break;
	default: /* a few bytes at one place */
		plan.offset = PAGE + 100 + draw(8);
		plan.bytes = 1 + draw(8);
	}
	return plan;
}

static bool must_race(const struct plan *a, const struct plan *b)
{
	if (a->hands_over)
		return !ordered;
	return (a->write || b->write) && a->offset < b->offset + b->bytes && b->offset < a->offset + a->bytes;
}

/* Each page is somebody's, nobody's or everybody's, and threads may take pages as if they had lost none. That takes long: what is
 * handed over would come too late. */
static void draw_owners(bool hands_over)
{
	unsigned numbers[] = {
		RT_OWNER_ALL, RT_OWNER_NONE, states[0]->page_word >> 8, states[1]->page_word >> 8};
	for (unsigned page = 0; rt_page_words && page < PAGES; page++) {
		uint16_t *word = rt_page_word((uintptr_t)memory + page * PAGE);
		*word = (uint16_t)(numbers[draw(hands_over ? 1 : 4)] << 8 | (*word & 0xff));
	}
	for (unsigned i = 0; i < THREADS; i++) {
		states[i]->pages_lost = 0;
		states[i]->shared_changes = 1 + draw(3);
	}
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"one", "two"};
	unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100000;
	random_state = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1) * 0x9e3779b97f4a7c15ull | 1;
	char *environment[] = {"RACETRACK_OPTIONS=report=0", NULL};
	unsigned raced = 0, handed_over = 0, missed = 0, invented = 0;
	pthread_t threads[THREADS];
	rt_name_functions(names, 2);
	if (!rt_start(environment, "/nowhere/libracetrack.so"))
		return 2;
	struct rt_site site = {.function = RT_PC_FIRST_FUNCTION};
	for (unsigned i = 0; i < THREADS; i++) {
		states[i] = rt_thread_create(rt_self, &site, false);
		pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)i);
	}
	for (unsigned round = 1; round <= rounds; round++) {
		bool hands_over = draw(2);
		for (unsigned i = 0; i < THREADS; i++)
			plans[i] = draw_plan(hands_over);
		*(int *)(memory + OBJECT) = 0;
		if (!draw(4)) {
			struct rt_thread *self = rt_enter();
			rt_range_fresh(self, memory, sizeof(memory));
			rt_leave(self);
		}
		draw_owners(hands_over);
		uint64_t before = findings();
		__atomic_store_n(&start, round, __ATOMIC_RELEASE);
		wait_for(&done, 2 * round * THREADS, true);
		bool must = must_race(&plans[0], &plans[1]), said = findings() != before;
		raced += must;
		handed_over += hands_over && !must;
		missed += must && !said;
		invented += !must && said;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	__atomic_store_n(&start, rounds + 1, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%u rounds, %u races, %u orderly, %u missed, %u invented\n", rounds, raced, handed_over,
		missed, invented);
	return missed || invented;
}
