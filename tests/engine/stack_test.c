/* The stack walker against libunwind, at random points of random call trees: recursion, frames of variable length, realigned
 * frames, callbacks from the C library, signal handlers on the thread's stack and on another one. Every walk must give the
 * return addresses that libunwind gives, whatever was remembered from the walks before. Then the cost of both.
 *
 * usage: stack_test [walks [seed]] */
#define UNW_LOCAL_ONLY
#include "interpose/stack.h"
#include "shadow/context.h"

#include <alloca.h>
#include <libunwind.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FRAMES = 200 };

static uint64_t random_state;
static unsigned long walks_left, compared;
static int failed;

static unsigned draw(unsigned below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 20) % below;
}

struct frames {
	uint64_t pcs[FRAMES];
	uint32_t count;
};

static void take(void *argument, uint64_t pc)
{
	struct frames *frames = argument;
	if (pc != RT_PC_EXACT && frames->count < FRAMES)
		frames->pcs[frames->count++] = pc;
}

#define SITE()                                                                                               \
	((struct rt_site){.pc = (uintptr_t)__builtin_return_address(0),                                      \
		.sp = (uintptr_t)__builtin_frame_address(0) + 16,                                            \
		.bp = *(uintptr_t *)__builtin_frame_address(0),                                              \
		.function = RT_PC_FIRST_FUNCTION})

/* What a wrapper is: called from anywhere, with a frame pointer of its own. */
static __attribute__((noinline, optimize("no-omit-frame-pointer"))) void check(void)
{
	struct rt_site site = SITE();
	struct frames ours = {.count = 0};
	void *theirs[FRAMES];
	struct rt_caller caller;
	rt_stack_walk(rt_self, &site, &caller);
	rt_context_frames(site.callers, take, &ours);
	int count = unw_backtrace(theirs, FRAMES) - 1; /* less this function */
	int same = count > 0 &&
		   (int)ours.count >= count - 1; /* libunwind may or may not show what lies before main */
	for (int i = 0; same && i < count && (uint32_t)i < ours.count; i++)
		same = ours.pcs[i] == (uint64_t)(uintptr_t)theirs[i + 1];
	compared++;
	if (same || failed++)
		return;
	printf("after %lu walks: ours %u frames, libunwind's %d\n", compared, ours.count, count);
	for (int i = 0; i < count || (uint32_t)i < ours.count; i++)
		printf("  %2d %#14lx %#14lx\n", i, (uint32_t)i < ours.count ? (long)ours.pcs[i] : 0,
			i < count ? (long)(uintptr_t)theirs[i + 1] : 0);
}

static void grow(unsigned depth);
static volatile int sink;

static __attribute__((noinline)) void variable(unsigned depth)
{
	char *room = alloca(16 + draw(300));
	memset(room, 0, 16);
	grow(depth);
	sink = room[3];
}

static __attribute__((noinline)) void realigned(unsigned depth)
{
	char room[96] __attribute__((aligned(64)));
	memset(room, 1, sizeof(room));
	grow(depth);
	sink = room[draw(96)];
}

/* With both a frame of variable length and a realigned stack gcc keeps where the CFA is in memory, and the caller's rbp where the
 * realigned part begins. */
static __attribute__((noinline)) void realigned_variable(unsigned depth)
{
	char fixed[96] __attribute__((aligned(64)));
	char *room = alloca(16 + draw(300));
	memset(fixed, 1, sizeof(fixed));
	memset(room, 0, 16);
	grow(depth);
	sink = fixed[draw(96)] + room[3];
}

static __attribute__((noinline)) void plain(unsigned depth)
{
	grow(depth);
	sink = (int)depth;
}

static unsigned callback_depth;

static int compare(const void *a, const void *b)
{
	unsigned depth = callback_depth;
	callback_depth = 0;
	if (depth)
		grow(depth - 1);
	sink = 1;
	return *(const int *)a - *(const int *)b;
}

static __attribute__((noinline)) void sorted(unsigned depth)
{
	int numbers[] = {3, 1, 2};
	callback_depth = depth;
	qsort(numbers, 3, sizeof(int), compare);
	sink = numbers[0];
}

static unsigned handler_depth;

static void handle(int number)
{
	unsigned depth = handler_depth;
	handler_depth = 0;
	grow(depth);
	sink = number;
}

static __attribute__((noinline)) void signalled(unsigned depth)
{
	handler_depth = depth;
	raise(draw(2) ? SIGUSR1 : SIGUSR2);
	sink = 2;
}

static void grow(unsigned depth)
{
	unsigned branches = 1 + draw(3);
	for (unsigned i = 0; i < branches && walks_left; i++) {
		if (draw(3) == 0) {
			walks_left--;
			check();
		}
		if (!depth)
			continue;
		switch (draw(depth > 3 ? 7 : 6)) {
		case 0:
			variable(depth - 1);
			break;
		case 1:
			realigned(depth - 1);
			break;
		case 2:
			sorted(depth - 1);
			break;
		case 3:
			realigned_variable(depth - 1);
			break;
		case 4:
			if (handler_depth == 0)
				signalled(depth / 3);
			break;
		default:
			plain(depth - 1);
		}
	}
}

static void *run(void *unused)
{
	static char other_stack[1 << 16];
	stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof(other_stack)};
	sigaltstack(&stack, NULL);
	while (walks_left && !failed)
		grow(draw(14));
	return unused;
}

/* ---- cost ---- */

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static __attribute__((noinline, optimize("no-omit-frame-pointer"))) void walk_once(void)
{
	struct rt_site site = SITE();
	struct rt_caller caller;
	rt_stack_walk(rt_self, &site, &caller);
	sink = (int)site.callers;
}

static __attribute__((noinline)) void unwind_once(void)
{
	void *frames[FRAMES];
	sink = unw_backtrace(frames, FRAMES);
}

static __attribute__((noinline)) void descend(unsigned depth, void (*what)(void), unsigned times)
{
	for (unsigned i = 0; i < times && !depth; i++) {
		what(); /* two places by turns */
		sink = 0;
		what();
	}
	if (depth)
		descend(depth - 1, what, times);
	sink = 1;
}

static void measure(unsigned depth)
{
	enum { TIMES = 20000 };
	void (*const functions[])(void) = {walk_once, unwind_once};
	double ns[2];
	for (int i = 0; i < 2; i++) {
		descend(depth, functions[i], 100);
		uint64_t start = now_ns();
		descend(depth, functions[i], TIMES);
		ns[i] = (double)(now_ns() - start) / (2 * TIMES);
	}
	printf("%3u frames: %.0f ns a walk, unw_backtrace %.0f ns\n", depth, ns[0], ns[1]);
}

int main(int argc, char **argv)
{
	char *environment[] = {"RACETRACK_OPTIONS=report=0", NULL};
	walks_left = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
	random_state = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1) * 0x9e3779b97f4a7c15ull | 1;
	if (!rt_start(environment, "/nowhere/libracetrack.so"))
		return 2;
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	extern void *__libc_stack_end;
	rt_thread_started(rt_self, (uint64_t)pthread_self(), here - (6 << 20), (uintptr_t)__libc_stack_end);
	signal(SIGUSR1, handle);
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
	sigaction(SIGUSR2, &action, NULL);
	run(NULL);
	printf("%lu walks compared, %d differ\n", compared, failed);
	for (unsigned depth = 5; depth <= 80; depth *= 2)
		measure(depth);
	return failed != 0;
}
