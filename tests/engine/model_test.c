/* The engine against a model that is too simple to be wrong (model.h): random traces of threads, locks, semaphores, forks
 * and joins, atomic operations and fences over a few bytes; after every access both must agree on whether it raced.
 *
 * The threads of a trace are states, driven from one real thread.
 *
 * usage: model_test [traces [seed]]. On a disagreement prints the shortest trace it can find and exits 1. */
#include "model.h"

#include "shadow/access.h"
#include "shadow/counters.h"
#include "shadow/engine.h"
#include "shadow/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the engine, driven ---- */

/* A byte of the model is one of the engine's, or a quarter of a page: pages are kept differently when they are alike. */
enum { QUARTER = 1024 };
static char memory[BYTES * QUARTER] __attribute__((aligned(4096)));
static size_t scale = 1;
static struct rt_thread *threads[THREADS];
static uint64_t next_handle = 1, handles[THREADS];
static uint64_t key_base = 0x100000;

/* The accesses of this trace come from places whose calls are announced: they take the short way where there is one. */
static bool announced;

static struct rt_site site_of(const struct step *step)
{
	/* Few functions, so few contexts and few findings to record. */
	if (announced)
		return (struct rt_site){.pc = 0x401000 + step->thread % 2};
	return (struct rt_site){.function = RT_PC_FIRST_FUNCTION + step->thread % 2};
}

static uint64_t findings(void)
{
	return rt_counters[RT_COUNTER_FINDINGS] + rt_counters[RT_COUNTER_REPEATS];
}

struct operation {
	bool changes;
	unsigned runs;
};

static bool operate(void *argument)
{
	struct operation *operation = argument;
	operation->runs++;
	return operation->changes;
}

static void engine_access(struct rt_thread *self, struct rt_site *site, const struct step *step)
{
	char *address = memory + step->offset * scale;
	size_t bytes = step->bytes * scale;
	enum rt_access_kind kind = step->write ? RT_WRITE : RT_READ;
	if (!announced || !rt_watching || !rt_access_word(self, site, (uintptr_t)address, bytes, kind))
		rt_access(self, site, address, bytes, kind, RT_CLASS_DATA);
}

static void engine_atomic(struct rt_thread *self, struct rt_site *site, const struct step *step)
{
	enum rt_atomic_kind kind = step->kind == ATOMIC_LOAD    ? RT_ATOMIC_LOAD
				   : step->kind == ATOMIC_STORE ? RT_ATOMIC_STORE
								: RT_ATOMIC_CHANGE;
	struct operation operation = {.changes = step->kind != ATOMIC_FAIL};
	rt_atomic(self, site, memory + step->offset * scale, step->bytes * scale, kind,
		(enum rt_order)step->order, (enum rt_order)step->failure, operate, &operation);
	if (operation.runs != 1 && (operation.runs != 2 || kind != RT_ATOMIC_LOAD)) {
		printf("an atomic operation ran %u times\n", operation.runs);
		exit(1);
	}
}

/* What the engine keeps in variables of the real thread is the last one's: it may look at cells by itself no more. */
static void become(struct rt_thread *self)
{
	static const struct rt_thread *last;
	if (self != last)
		racetrack_hot.epoch = 0;
	last = self;
}

/* True: it reported a race. */
static bool engine_step(const struct step *step)
{
	struct rt_thread *self = threads[step->thread];
	become(self);
	struct rt_site site = site_of(step);
	uint64_t key = key_base + 64 * step->object, semaphore = key + 32, before = findings();
	switch (step->kind) {
	case ACCESS:
		engine_access(self, &site, step);
		break;
	case ATOMIC_LOAD:
	case ATOMIC_STORE:
	case ATOMIC_CHANGE:
	case ATOMIC_FAIL:
		engine_atomic(self, &site, step);
		break;
	case FENCE:
		rt_fence(self, (enum rt_order)step->order);
		break;
	case LOCK:
		rt_lock_acquire(self, &site, key, "mutex", RT_LOCK_EXCLUSIVE);
		break;
	case LOCK_SHARED:
		rt_lock_acquire(self, &site, key, "rwlock", RT_LOCK_SHARED);
		break;
	case UNLOCK:
		rt_lock_release(self, &site, key, "mutex");
		break;
	case POST:
		rt_sync_release(self, &site, semaphore, "semaphore");
		break;
	case WAIT:
		rt_sync_acquire(self, &site, semaphore, "semaphore");
		break;
	case CREATE:
		threads[step->object] = rt_thread_create(self, &site, false);
		handles[step->object] = next_handle++;
		rt_thread_created(self, threads[step->object], handles[step->object]);
		break;
	case JOIN:
		rt_thread_joined(
			self, handles[step->object], rt_thread_joins(self, handles[step->object], true));
		break;
	case FRESH:
		rt_range_fresh(self, memory + step->offset * scale, step->bytes * scale);
		break;
	}
	return findings() != before;
}

/* ---- traces ---- */

static uint64_t random_state;

static unsigned draw(unsigned below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 20) % below;
}

/* Orders that the operation may have. Failure's may be stronger than success's, as C17 has it. */
static void draw_orders(struct step *step)
{
	static const memory_order loads[] = {memory_order_relaxed, memory_order_relaxed, memory_order_consume,
		memory_order_acquire, memory_order_seq_cst},
				  stores[] = {memory_order_relaxed, memory_order_relaxed,
					  memory_order_release, memory_order_seq_cst};
	step->failure = loads[draw(5)];
	if (step->kind == ATOMIC_LOAD)
		step->order = loads[draw(5)];
	else if (step->kind == ATOMIC_STORE)
		step->order = stores[draw(4)];
	else
		step->order = (memory_order)draw(memory_order_seq_cst + 1);
}

/* Few objects, so that threads meet there. They overlap, and two sizes are used at the same address. */
static void draw_object(struct step *step)
{
	static const struct {
		unsigned offset, bytes;
	} objects[] = {{0, 4}, {0, 4}, {0, 4}, {0, 8}, {0, 1}, {4, 2}, {7, 1}, {8, 8}};
	unsigned which = draw(sizeof(objects) / sizeof(objects[0]));
	step->offset = objects[which].offset;
	step->bytes = objects[which].bytes;
}

static void draw_range(struct step *step, bool few)
{
	step->offset = draw(few ? BYTES / 2 : BYTES);
	step->bytes = 1 + draw(few || draw(2) ? 3 : 16);
	if (step->offset + step->bytes > BYTES)
		step->bytes = BYTES - step->offset;
}

static struct step draw_mixed(void)
{
	static const enum step_kind likely[] = {ACCESS, ACCESS, ACCESS, ACCESS, ACCESS, ACCESS, ACCESS, LOCK,
		UNLOCK, UNLOCK, LOCK_SHARED, POST, WAIT, CREATE, CREATE, JOIN, FRESH, ATOMIC_LOAD,
		ATOMIC_STORE, ATOMIC_CHANGE, ATOMIC_FAIL, FENCE};
	struct step step = {.kind = likely[draw(sizeof(likely) / sizeof(likely[0]))]};
	step.thread = draw(THREADS);
	step.object = draw(step.kind == CREATE || step.kind == JOIN ? THREADS : OBJECTS);
	draw_range(&step, false);
	if (step_is_atomic(&step))
		draw_object(&step);
	draw_orders(&step);
	step.write = draw(2);
	return step;
}

/* A few threads that live from the start, and little but atomics to order them. */
static struct step draw_atomic(unsigned i)
{
	static const enum step_kind likely[] = {ACCESS, ACCESS, ACCESS, ACCESS, ATOMIC_LOAD, ATOMIC_LOAD,
		ATOMIC_LOAD, ATOMIC_STORE, ATOMIC_STORE, ATOMIC_STORE, ATOMIC_CHANGE, ATOMIC_CHANGE,
		ATOMIC_FAIL, FENCE, FENCE};
	enum { LIVE = 4 };
	struct step step = {.kind = CREATE, .object = i + 1};
	if (i < LIVE - 1)
		return step;
	step = draw_mixed();
	if (draw(16) == 0)
		return step;
	step.kind = likely[draw(sizeof(likely) / sizeof(likely[0]))];
	step.thread = draw(LIVE);
	draw_range(&step, true);
	if (step_is_atomic(&step))
		draw_object(&step);
	draw_orders(&step);
	return step;
}

/* Three threads at the bytes of one granule, one of them mostly, with locks that they mostly have for themselves: what is told apart
 * there is what others took (shadow/boundary.h). */
static struct step draw_locked(unsigned i)
{
	static const enum step_kind likely[] = {ACCESS, ACCESS, ACCESS, ACCESS, ACCESS, ACCESS, LOCK, LOCK,
		UNLOCK, UNLOCK, UNLOCK, LOCK_SHARED, LOCK_SHARED, POST, WAIT};
	enum { LIVE = 3, GRANULE = 8 };
	struct step step = {.kind = CREATE, .object = i + 1};
	if (i < LIVE - 1)
		return step;
	step = draw_mixed();
	if (draw(32) == 0)
		return step;
	step.kind = likely[draw(sizeof(likely) / sizeof(likely[0]))];
	step.thread = draw(4) ? 0 : draw(LIVE);
	step.object = draw(3) ? step.thread : draw(LIVE);
	step.offset = draw(GRANULE);
	step.bytes = 1 + draw(2) * (step.offset + 1 < GRANULE);
	step.write = draw(4) == 0;
	return step;
}

static struct step draw_step(unsigned long trace, unsigned i)
{
	if (trace % 2)
		return draw_atomic(i);
	return trace / 2 % 3 == 1 ? draw_locked(i) : draw_mixed();
}

/* Index of the first step on which they disagree, -1: none. */
static int run_trace(const struct step *steps, unsigned count, bool *engine_said)
{
	static struct model model;
	model_start(&model);
	key_base += 0x1000;
	rt_range_fresh(threads[0], memory, BYTES * scale);
	rt_message_clear(
		&threads[0]->published); /* it lived through the trace before, and is to have done nothing */
	int wrong = -1;
	for (unsigned i = 0; i < count && wrong < 0; i++) {
		const struct step *step = &steps[i];
		if (!model_allows(&model, step))
			continue;
		bool engine_raced = engine_step(step);
		enum verdict verdict = model_step(&model, step);
		if (engine_raced ? verdict == NO_RACE : verdict == MUST_SAY_RACE) {
			*engine_said = engine_raced;
			wrong = (int)i;
		}
	}
	struct step end = {.kind = UNLOCK};
	for (end.thread = 0; end.thread < THREADS; end.thread++)
		for (end.object = 0; end.object < OBJECTS; end.object++)
			if (model_allows(&model, &end)) {
				engine_step(&end);
				model_step(&model, &end);
			}
	struct step join = {.kind = JOIN};
	for (join.object = 1; join.object < THREADS; join.object++)
		if (model_allows(&model, &join)) {
			engine_step(&join);
			model_step(&model, &join);
		}
	return wrong;
}

static void print_step(const struct step *step)
{
	static const char *const names[] = {[LOCK] = "lock",
		[LOCK_SHARED] = "lock shared",
		[UNLOCK] = "unlock",
		[POST] = "post",
		[WAIT] = "wait",
		[CREATE] = "create",
		[JOIN] = "join",
		[FRESH] = "fresh",
		[ATOMIC_LOAD] = "atomic load",
		[ATOMIC_STORE] = "atomic store",
		[ATOMIC_CHANGE] = "atomic change",
		[ATOMIC_FAIL] = "atomic change that fails",
		[FENCE] = "fence"};
	static const char *const orders[] = {
		"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
	printf("  thread %u: %s", step->thread,
		step->kind != ACCESS ? names[step->kind]
		: step->write        ? "write"
				     : "read");
	if (step_is_atomic(step) || step->kind == FENCE)
		printf(" %s", orders[step->kind == ATOMIC_FAIL ? step->failure : step->order]);
	if (step_has_range(step))
		printf(" [%u, %u)\n", step->offset, step->offset + step->bytes);
	else if (step->kind == FENCE)
		printf("\n");
	else
		printf(" %u\n", step->object);
}

/* Leaves out whatever the disagreement does not need. */
static unsigned shrink(struct step *steps, unsigned count)
{
	bool said;
	for (unsigned i = 0; i < count;) {
		struct step rest[STEPS];
		memcpy(rest, steps, i * sizeof(*steps));
		memcpy(rest + i, steps + i + 1, (count - i - 1) * sizeof(*steps));
		if (run_trace(rest, count - 1, &said) >= 0) {
			memcpy(steps, rest, --count * sizeof(*steps));
			i = 0;
		} else {
			i++;
		}
	}
	return count;
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"one", "two"};
	unsigned long traces = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	char *environment[] = {getenv("MODEL_OPTIONS"), NULL};
	unsigned long races = 0;
	rt_name_functions(names, 2);
	if (!rt_start(environment, "/nowhere/libracetrack.so"))
		return 2;
	threads[0] = rt_self;
	for (unsigned long trace = 0; trace < traces; trace++) {
		struct step steps[STEPS];
		bool engine_said;
		announced = trace / 4 % 4; /* mostly: it is the way with more branches */
		scale = trace % 4 == 2 || trace % 128 == 3 ? QUARTER : 1; /* atomics on pages take long */
		random_state = (seed + trace) * 0x9e3779b97f4a7c15ull | 1;
		for (unsigned i = 0; i < STEPS; i++)
			steps[i] = draw_step(trace, i);
		uint64_t before = findings();
		int wrong = run_trace(steps, STEPS, &engine_said);
		races += findings() != before;
		if (wrong < 0)
			continue;
		unsigned count = shrink(steps, (unsigned)wrong + 1);
		run_trace(steps, count, &engine_said);
		printf("seed %llu: the engine says %s at the last access of\n",
			(unsigned long long)(seed + trace),
			engine_said ? "race, the model none" : "none, the model race");
		for (unsigned i = 0; i < count; i++)
			print_step(&steps[i]);
		return 1;
	}
	printf("%lu traces agree, %lu of them with races\n", traces, races);
	return 0;
}
