/* The shape of an instruction: where its parts lie, without what they mean. Found by a table of the opcodes alone, in a few
 * nanoseconds.
 *
 * Who may include it: rewrite/decode.c, tests. */
#ifndef RACETRACK_REWRITE_SHAPE_H
#define RACETRACK_REWRITE_SHAPE_H

#include "shadow/base.h"

enum { RT_SHAPE_ROOM = 16 }; /* bytes that can be read, whatever the instruction's length */

/* Instructions with the same key differ in nothing but displacement and immediate: it is the bytes before those, at most 7,
 * and in its highest byte whether the count of a shift is 0. */
struct rt_shape {
	uint64_t key;
	uint8_t disp_at, disp_bytes; /* 0 bytes: none */
	uint8_t imm_at, imm_bytes;
	uint8_t bytes;  /* altogether */
	bool is_shift;  /* its immediate is a count */
	bool is_scaled; /* its displacement is in units that depend on the instruction */
};

/* False: none that the table knows. What it knows can be no instruction all the same. */
RT_HIDDEN bool rt_shape_find(const uint8_t *code, struct rt_shape *shape);

#endif
