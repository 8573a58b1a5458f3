/* The engine against a model that is too simple to be wrong: random traces of threads, locks, semaphores, forks and
 * joins over a few bytes; after every access both must agree on whether it raced.
 *
 * The model keeps every access to every byte for ever, each with its thread's time, and a full vector clock per thread
 * and object. The engine keeps what it must. The threads of a trace are states, driven from one real thread.
 *
 * usage: model_test [traces [seed]]. On a disagreement prints the shortest trace it can find and exits 1. */
#include "shadow/counters.h"
#include "shadow/engine.h"
#include "shadow/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	THREADS = 6,
	OBJECTS = 4,
	BYTES = 24,
	STEPS = 80,
	HISTORY = STEPS,
	IDS = STEPS + 2, /* every thread ever created has a number of its own in clocks */
};

enum step_kind { ACCESS, LOCK, LOCK_SHARED, UNLOCK, POST, WAIT, CREATE, JOIN, FRESH, STEP_KINDS };

struct step {
	enum step_kind kind;
	unsigned thread, object; /* object: of a lock or semaphore; or the thread to create or join */
	unsigned offset, bytes;
	bool write;
};

/* ---- the model ---- */

struct model_access {
	unsigned id, time, epoch;
	bool write;
};

/* An access after one of the same thread, since its last release, that touched the byte at least as strongly, shows
 * nothing new: what races with it races with the other. The engine may pass over it or not. */
enum verdict { NO_RACE, MAY_SAY_RACE, MUST_SAY_RACE };

struct model {
	unsigned id[THREADS], ids;
	unsigned clock[THREADS][IDS];
	unsigned epoch[THREADS];
	unsigned object[OBJECTS][IDS], shared[OBJECTS][IDS];
	int owner[OBJECTS]; /* -1 free; writer */
	bool reader[OBJECTS][THREADS];
	unsigned readers[OBJECTS];
	bool live[THREADS];
	struct model_access history[BYTES][HISTORY];
	unsigned history_count[BYTES];
};

static void join_clock(unsigned *to, const unsigned *from)
{
	for (unsigned i = 0; i < IDS; i++)
		to[i] = from[i] > to[i] ? from[i] : to[i];
}

static enum verdict check_byte(const struct model *model, unsigned b, const struct step *step)
{
	bool raced = false, repeated = false;
	for (unsigned i = 0; i < model->history_count[b]; i++) {
		const struct model_access *old = &model->history[b][i];
		if ((old->write || step->write) && old->time > model->clock[step->thread][old->id])
			raced = true;
		if (old->id == model->id[step->thread] && old->epoch == model->epoch[step->thread] &&
			(old->write || !step->write))
			repeated = true;
	}
	return !raced ? NO_RACE : repeated ? MAY_SAY_RACE : MUST_SAY_RACE;
}

static enum verdict model_access(struct model *model, const struct step *step)
{
	enum verdict worst = NO_RACE;
	unsigned thread = step->thread, id = model->id[thread], time = ++model->clock[thread][id];
	for (unsigned b = step->offset; b < step->offset + step->bytes; b++) {
		enum verdict verdict = check_byte(model, b, step);
		worst = verdict > worst ? verdict : worst;
		model->history[b][model->history_count[b]++] =
			(struct model_access){id, time, model->epoch[thread], step->write};
	}
	return worst;
}

/* A trace from a generator or a shrinker may hold steps that make no sense any more: false, and they are skipped. */
static bool model_allows(const struct model *model, const struct step *step)
{
	unsigned t = step->thread, o = step->object;
	if (!model->live[t])
		return false;
	switch (step->kind) {
	case LOCK:
		return model->owner[o] < 0 && !model->readers[o];
	case LOCK_SHARED:
		return model->owner[o] < 0 && !model->reader[o][t];
	case UNLOCK:
		return model->owner[o] == (int)t || model->reader[o][t];
	case CREATE:
		return o != 0 && !model->live[o];
	case JOIN:
		if (o == 0 || o == t || !model->live[o])
			return false;
		for (unsigned i = 0; i < OBJECTS; i++)
			if (model->owner[i] == (int)o || model->reader[i][o])
				return false;
		return true;
	default:
		return true;
	}
}

static void model_step(struct model *model, const struct step *step)
{
	unsigned t = step->thread, o = step->object;
	if (step->kind == UNLOCK || step->kind == POST || step->kind == CREATE)
		model->epoch[t]++;
	switch (step->kind) {
	case LOCK:
		model->owner[o] = (int)t;
		join_clock(model->clock[t], model->object[o]);
		join_clock(model->clock[t], model->shared[o]);
		break;
	case LOCK_SHARED:
		model->reader[o][t] = true;
		model->readers[o]++;
		join_clock(model->clock[t], model->object[o]);
		break;
	case UNLOCK:
		if (model->owner[o] == (int)t) {
			model->owner[o] = -1;
			join_clock(model->object[o], model->clock[t]);
		} else {
			model->reader[o][t] = false;
			model->readers[o]--;
			join_clock(model->shared[o], model->clock[t]);
		}
		break;
	case POST:
		join_clock(model->object[o], model->clock[t]);
		break;
	case WAIT:
		join_clock(model->clock[t], model->object[o]);
		break;
	case CREATE:
		model->live[o] = true;
		model->id[o] = ++model->ids;
		memcpy(model->clock[o], model->clock[t], sizeof(model->clock[o]));
		break;
	case JOIN:
		model->live[o] = false;
		join_clock(model->clock[t], model->clock[o]);
		break;
	case FRESH:
		for (unsigned b = step->offset; b < step->offset + step->bytes; b++)
			model->history_count[b] = 0;
		break;
	default:
		break;
	}
}

/* ---- the engine, driven ---- */

/* A byte of the model is one of the engine's, or a quarter of a page: pages are kept differently when they are alike. */
enum { QUARTER = 1024 };
static char memory[BYTES * QUARTER] __attribute__((aligned(4096)));
static size_t scale = 1;
static struct rt_thread *threads[THREADS];
static uint64_t next_handle = 1, handles[THREADS];
static uint64_t key_base = 0x100000;

static struct rt_site site_of(const struct step *step)
{
	/* Few functions, so few contexts and few findings to record. */
	return (struct rt_site){.function = RT_PC_FIRST_FUNCTION + step->thread % 2};
}

static uint64_t findings(void)
{
	return rt_counters[RT_COUNTER_FINDINGS] + rt_counters[RT_COUNTER_REPEATS];
}

static bool engine_step(const struct step *step)
{
	struct rt_thread *self = threads[step->thread];
	struct rt_site site = site_of(step);
	uint64_t key = key_base + 64 * step->object, before = findings();
	switch (step->kind) {
	case ACCESS:
		rt_access(self, &site, memory + step->offset * scale, step->bytes * scale,
			step->write ? RT_WRITE : RT_READ, RT_CLASS_DATA);
		return findings() != before;
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
		rt_sync_release(self, &site, key, "semaphore");
		break;
	case WAIT:
		rt_sync_acquire(self, &site, key, "semaphore");
		break;
	case CREATE:
		threads[step->object] = rt_thread_create(self, &site, false);
		handles[step->object] = next_handle++;
		rt_thread_created(self, threads[step->object], handles[step->object]);
		break;
	case JOIN:
		rt_thread_joined(self, handles[step->object]);
		break;
	case FRESH:
		rt_range_fresh(self, memory + step->offset * scale, step->bytes * scale);
		break;
	default:
		break;
	}
	return false;
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

static struct step draw_step(void)
{
	static const enum step_kind likely[] = {ACCESS, ACCESS, ACCESS, ACCESS, ACCESS, ACCESS, ACCESS, LOCK,
		UNLOCK, UNLOCK, LOCK_SHARED, POST, WAIT, CREATE, CREATE, JOIN, FRESH};
	struct step step = {.kind = likely[draw(sizeof(likely) / sizeof(likely[0]))]};
	step.thread = draw(THREADS);
	step.object = draw(step.kind == CREATE || step.kind == JOIN ? THREADS : OBJECTS);
	step.offset = draw(BYTES);
	step.bytes = 1 + draw(draw(2) ? 3 : 16);
	if (step.offset + step.bytes > BYTES)
		step.bytes = BYTES - step.offset;
	step.write = draw(2);
	return step;
}

/* Index of the first step on which they disagree, -1: none. */
static int run_trace(const struct step *steps, unsigned count, bool *engine_said)
{
	static struct model model;
	memset(&model, 0, sizeof(model));
	model.live[0] = true;
	for (unsigned o = 0; o < OBJECTS; o++)
		model.owner[o] = -1;
	key_base += 0x1000;
	rt_range_fresh(threads[0], memory, BYTES * scale);
	int wrong = -1;
	for (unsigned i = 0; i < count && wrong < 0; i++) {
		const struct step *step = &steps[i];
		if (!model_allows(&model, step))
			continue;
		bool engine_raced = engine_step(step);
		if (step->kind == ACCESS) {
			enum verdict verdict = model_access(&model, step);
			if (engine_raced ? verdict == NO_RACE : verdict == MUST_SAY_RACE) {
				*engine_said = engine_raced;
				wrong = (int)i;
			}
		} else {
			model_step(&model, step);
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
	static const char *const names[] = {
		"", "lock", "lock shared", "unlock", "post", "wait", "create", "join", "fresh"};
	if (step->kind == ACCESS || step->kind == FRESH)
		printf("  thread %u: %s [%u, %u)\n", step->thread,
			step->kind == FRESH ? "fresh"
			: step->write       ? "write"
					    : "read",
			step->offset, step->offset + step->bytes);
	else
		printf("  thread %u: %s %u\n", step->thread, names[step->kind], step->object);
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
		scale = trace % 4 == 3 ? QUARTER : 1;
		random_state = (seed + trace) * 0x9e3779b97f4a7c15ull | 1;
		for (unsigned i = 0; i < STEPS; i++)
			steps[i] = draw_step();
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
