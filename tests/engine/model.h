/* A model of what races, too simple to be wrong, for model_test.c to hold the engine against.
 *
 * Semantics. It keeps every access to every byte for ever, each with its thread's time; a full vector clock per thread
 * and object; and with each value of an atomic object the list of the releases whose release sequences the value is in.
 * It is written from the text of C11, 5.1.2.4 and 7.17, and knows nothing of the engine but the rules that model.c names.
 *
 * Steps run one after the other, so an atomic operation reads what the last one before it wrote. One thread only. */
#ifndef TESTS_ENGINE_MODEL_H
#define TESTS_ENGINE_MODEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	THREADS = 6,
	OBJECTS = 4,
	BYTES = 24,
	STEPS = 80,
	IDS = STEPS + 2, /* every thread ever created has a number of its own in clocks */
};

enum step_kind {
	ACCESS,
	LOCK,
	LOCK_SHARED,
	UNLOCK,
	POST,
	WAIT,
	CREATE,
	JOIN,
	FRESH,
	ATOMIC_LOAD,
	ATOMIC_STORE,
	ATOMIC_CHANGE, /* reads and writes in one */
	ATOMIC_FAIL,   /* a compare-and-exchange that finds another value */
	FENCE,
};

struct step {
	enum step_kind kind;
	unsigned thread, object; /* object: of a lock or semaphore; or the thread to create or join */
	unsigned offset, bytes;
	bool write;
	memory_order order, failure;
};

/* A time is the number of a thread's accesses so far. */
typedef uint8_t model_time_t;
_Static_assert(STEPS <= UINT8_MAX, "an access a step");

struct model_clock {
	model_time_t time[IDS];
};

struct model_history {
	unsigned count;
	struct model_access {
		unsigned id, time, epoch;
		bool write, atomic;
	} accesses[STEPS];
};

/* What an atomic object's present value publishes. */
struct model_value {
	unsigned count;
	struct model_head {
		unsigned id; /* of the thread that made the release */
		struct model_clock clock;
	} heads[STEPS];
};

struct model {
	unsigned id[THREADS], ids;
	bool live[THREADS];
	struct model_clock clock[THREADS];
	struct model_clock seen[THREADS];      /* what the values published that it read without acquiring */
	struct model_clock published[THREADS]; /* its clock at its last release fence */
	bool fenced[THREADS];                  /* there was one */
	unsigned epoch[THREADS];               /* releases so far */
	struct model_clock object[OBJECTS], shared[OBJECTS], posted[OBJECTS]; /* locks, semaphores */
	int owner[OBJECTS];                                                   /* -1 free; writer */
	bool reader[OBJECTS][THREADS];
	/* The last release of each lock, by its writer and by a reader, if nobody has taken it. */
	struct model_release {
		bool is;
		unsigned id, epoch;
	} released[OBJECTS], released_shared[OBJECTS];
	bool for_nobody[IDS][STEPS]; /* of each thread's releases */
	unsigned readers[OBJECTS];
	struct model_history history[BYTES];
	struct model_value value[BYTES]; /* of the atomic object that starts at the byte */
};

/* An access after one of the same thread, since its last release for somebody, that touched the byte at least as strongly, shows
 * nothing new: what races with it races with the other. The engine may pass over it or not. */
enum verdict { NO_RACE, MAY_SAY_RACE, MUST_SAY_RACE };

/* One thread, number 0, that has done nothing. */
void model_start(struct model *model);

/* A trace from a generator or a shrinker may hold steps that make no sense any more: false, and they are skipped. */
bool model_allows(const struct model *model, const struct step *step);

/* pre: model_allows. NO_RACE for what is no access. */
enum verdict model_step(struct model *model, const struct step *step);

static inline bool step_is_atomic(const struct step *step)
{
	return step->kind >= ATOMIC_LOAD && step->kind <= ATOMIC_FAIL;
}

static inline bool step_has_range(const struct step *step)
{
	return step->kind == ACCESS || step->kind == FRESH || step_is_atomic(step);
}

#endif
