/* Many small checks in one program, a line each: the first thread calls, the second touches one place of memory, and
 * nothing the detector sees orders the two. Both sides are the same line: its mark needs no label.
 *
 * A case writes `static void steps(void)` with the lines and calls steps_run(). Every line has an area of its own, where
 * A and B hold "abcdefgh..", WA and WB the same in wide characters. Their size is known to the compiler. */
#ifndef RACETRACK_TESTS_STEPS_H
#define RACETRACK_TESTS_STEPS_H

#include <stdint.h>
#include <stdlib.h>
#include <wchar.h>
#include "pair.h"

#define STEPS_MOST  512 /* lines of a case */
#define STEPS_CHARS 64

struct steps_area {
	char a[STEPS_CHARS], b[STEPS_CHARS];
	wchar_t wa[STEPS_CHARS], wb[STEPS_CHARS];
	uint64_t words[8];
} __attribute__((aligned(64)));

static struct steps_area steps_areas[STEPS_MOST];
static __thread int steps_first;
static volatile uintptr_t steps_sink;

#define A     (steps_areas[__LINE__].a)
#define B     (steps_areas[__LINE__].b)
#define WA    (steps_areas[__LINE__].wa)
#define WB    (steps_areas[__LINE__].wb)
#define WORDS (steps_areas[__LINE__].words)

/* A number that the compiler does not know: for the fortified forms. */
static volatile size_t steps_sizes[17] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
#define N(number) (steps_sizes[number])

/* `call` (with a value) by the first thread, `other` by the second. The barrier keeps calls from being the last ones of
 * their function, which would then have no frame. */
#define STEP(call, other)                                                                                    \
	do {                                                                                                 \
		if (steps_first)                                                                             \
			steps_sink = (uintptr_t)(call);                                                      \
		else                                                                                         \
			(other);                                                                             \
		__asm__ volatile("" ::: "memory");                                                           \
	} while (0)

/* Other contents, stored where the detector does not look. */
static __attribute__((unused)) char *put(char *to, const char *text)
{
	size_t i = 0;
	do
		((volatile char *)to)[i] = text[i];
	while (text[i++]);
	return to;
}

static __attribute__((unused)) wchar_t *put_wide(wchar_t *to, const wchar_t *text)
{
	size_t i = 0;
	do
		((volatile wchar_t *)to)[i] = text[i];
	while (text[i++]);
	return to;
}

/* A call without a value, for the macros below. */
#define VOID(call)              ((call), 0)

/* The call reads, or writes, the byte at `place`: a race with the opposite. */
#define READS(call, place)      STEP(call, racetrack_write(place, 1))
#define WRITES(call, place)     STEP(call, racetrack_read(place, 1))
/* The call only reads the byte, or does not touch it at all. */
#define ONLY_READS(call, place) STEP(call, racetrack_read(place, 1))
#define SPARES(call, place)     STEP(call, racetrack_write(place, 1))

/* Both threads write the line's memory; `leave` is what the first does afterwards, `enter` what the second does before.
 * A line that orders the two also orders whatever the first thread did before it, but nothing on later lines. */
#define HANDS(leave, enter)                                                                                  \
	do {                                                                                                 \
		if (steps_first) {                                                                           \
			racetrack_write(WORDS, 1);                                                           \
			(leave);                                                                             \
		} else {                                                                                     \
			(enter);                                                                             \
			racetrack_write(WORDS, 1);                                                           \
		}                                                                                            \
		__asm__ volatile("" ::: "memory");                                                           \
	} while (0)

static void steps(void);

static void steps_by_first(void)
{
	steps_first = 1;
	steps();
}

static void steps_by_second(void)
{
	steps_first = 0;
	steps();
}

static void steps_run(void)
{
	for (int i = 0; i < STEPS_MOST; i++)
		for (int c = 0; c < 16; c++) {
			steps_areas[i].a[c] = steps_areas[i].b[c] = (char)("abcdefghijklmnop"[c]);
			steps_areas[i].wa[c] = steps_areas[i].wb[c] = steps_areas[i].a[c];
		}
	pair_run(steps_by_first, steps_by_second);
}

#endif
