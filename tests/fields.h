/* Structures in arrays of which compilers load one field of several elements at once, together with those in between. */
#ifndef RACETRACK_TESTS_FIELDS_H
#define RACETRACK_TESTS_FIELDS_H

#include <stdint.h>

/* A function that is compiled by itself; clang knows no noipa. */
#ifdef __clang__
#define APART __attribute__((noinline))
#else
#define APART __attribute__((noipa))
#endif

enum { ITEMS = 203 };

struct item {
	float price, weight;
};

struct pixel {
	uint8_t red, green, blue, alpha;
};

struct sample {
	int16_t left, right;
};

struct place {
	double x, y, z, w;
};

static volatile int all = ITEMS; /* not a constant, or loops are taken apart as a whole */

#endif
