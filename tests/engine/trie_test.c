/* Contexts by many threads at once: each interns the same random stacks, in an order of its own, most below few nodes and some below
 * many. Every number must stand for its stack, and all threads must have the same one, but for a few that were made twice as the
 * table grew. Before that, with little room: stacks get shorter from the outside, and none is lost or wrong.
 *
 * usage: trie_test [stacks [seed]] */
#include "shadow/context.h"
#include "shadow/engine.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, FRAMES_MOST = 40, INNERMOST = 1, ROOM = 60000 };

struct frames {
	uint64_t pcs[FRAMES_MOST];
	uint32_t count;
};

struct work {
	pthread_t thread;
	rt_ctx_t *contexts;
	uint32_t stacks, seed, number;
	int wrong;
};

static pthread_barrier_t begin;

static uint64_t mixed(uint64_t a, uint64_t b)
{
	uint64_t x = (a + 1) * 0x9e3779b97f4a7c15ull ^ (b + 1) * 0xc2b2ae3d27d4eb4full;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9ull;
	return x ^ x >> 32;
}

/* The stack of a number, outermost first: two ways to go on at most depths, many at some. */
static struct frames stack_of(uint32_t seed, uint32_t number)
{
	struct frames stack = {.count = 1 + (uint32_t)(mixed(seed, number) % FRAMES_MOST)};
	for (uint32_t i = 0; i < stack.count; i++)
		stack.pcs[i] = RT_PC_FUNCTIONS + mixed(number, i) % (i % 16 ? 2 : 1000);
	return stack;
}

static rt_ctx_t intern(const struct frames *stack)
{
	rt_ctx_t context = 0;
	for (uint32_t i = 0; i < stack->count; i++) {
		rt_ctx_t child = rt_context_child(context, stack->pcs[i]);
		context = child ? child : context;
	}
	return context;
}

static void take(void *argument, uint64_t pc)
{
	struct frames *frames = argument;
	if (frames->count < FRAMES_MOST)
		frames->pcs[frames->count++] = pc;
}

/* Its innermost frames at least are there; all of them, or a mark that some are left out. */
static bool is_of(rt_ctx_t context, const struct frames *stack, bool *cut)
{
	struct frames is = {.count = 0};
	rt_context_frames(context, take, &is);
	*cut = is.count && is.pcs[is.count - 1] == RT_PC_OMITTED;
	uint32_t count = is.count - *cut;
	if (count > stack->count || (*cut ? count < INNERMOST : count != stack->count))
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (is.pcs[i] != stack->pcs[stack->count - 1 - i])
			return false;
	return true;
}

static void *run(void *argument)
{
	struct work *work = argument;
	bool cut;
	pthread_barrier_wait(&begin);
	for (uint32_t i = 0; i < work->stacks; i++) {
		uint32_t number = (i * 7919 + work->number * (work->stacks / THREADS)) % work->stacks;
		struct frames stack = stack_of(work->seed, number);
		work->contexts[number] = intern(&stack);
		work->wrong += !is_of(work->contexts[number], &stack, &cut) || cut;
	}
	return NULL;
}

static int check_threads(uint32_t stacks, uint32_t seed)
{
	struct work works[THREADS];
	uint32_t twice = 0;
	int wrong = 0;
	pthread_barrier_init(&begin, NULL, THREADS);
	for (uint32_t i = 0; i < THREADS; i++) {
		works[i] = (struct work){.contexts = calloc(stacks, sizeof(rt_ctx_t)),
			.stacks = stacks,
			.seed = seed,
			.number = i};
		pthread_create(&works[i].thread, NULL, run, &works[i]);
	}
	for (uint32_t i = 0; i < THREADS; i++) {
		pthread_join(works[i].thread, NULL);
		wrong += works[i].wrong;
	}
	for (uint32_t i = 1; i < THREADS; i++)
		for (uint32_t n = 0; n < stacks; n++)
			twice += works[i].contexts[n] != works[0].contexts[n];
	printf("%u stacks by %d threads: %d wrong, %u twice\n", stacks, THREADS, wrong, twice);
	return wrong || twice > stacks / 1000;
}

/* By one thread, more stacks than there is room for. */
static int check_room(uint32_t seed)
{
	const struct rt_trie all = rt_contexts;
	uint32_t cuts = 0, wrong = 0;
	rt_contexts.room = rt_contexts.top = ROOM;
	rt_contexts.kept = ROOM / 8;
	for (uint32_t number = 0; number < ROOM; number++) {
		struct frames stack = stack_of(seed, number);
		bool cut;
		wrong += !is_of(intern(&stack), &stack, &cut);
		cuts += cut;
	}
	printf("%u stacks, room for %u frames: %u cut, %u wrong\n", ROOM, ROOM, cuts, wrong);
	rt_contexts.room = all.room;
	rt_contexts.top = all.top;
	rt_contexts.kept = all.kept;
	return wrong || cuts < ROOM / 2;
}

int main(int count, char **words)
{
	char *environment[] = {"RACETRACK_OPTIONS=report=0", NULL};
	uint32_t stacks = count > 1 ? (uint32_t)atoi(words[1]) : 20000,
		 seed = count > 2 ? (uint32_t)atoi(words[2]) : 1;
	if (!rt_start(environment, "/nowhere/libracetrack.so"))
		return 2;
	int wrong = check_room(seed + 1) | check_threads(stacks, seed);
	return wrong;
}
