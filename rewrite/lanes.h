/* Bytes that are loaded into a vector and never looked at. Compilers load every second element of an array together with those in
 * between, and leave these away by a shuffle; other threads may be storing to them. What is not looked at on any way from the load
 * is not checked: rt_memory's `unused`.
 *
 * It goes back from the instructions that look, along all ways. What is unknown looks at all, but calls and returns: which
 * registers hand them something is not known, and most hold what was left over. They count for results that nobody else looks at.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_LANES_H
#define RACETRACK_REWRITE_LANES_H

#include "list.h"
#include "vector.h"

/* The bytes of each register that may be looked at from a place on: here, by who is called or returned to, and by these if it
 * was only loaded. */
struct rt_lanes_state {
	uint32_t used[RT_VECTORS], handed[RT_VECTORS], left[RT_VECTORS];
};

/* Of each instruction of the body: its numbers in the two others, from 1 on; 0: none. */
struct rt_lanes_insn {
	uint32_t vector, state;
};

/* Memory that one body after the other uses. */
struct rt_lanes {
	RT_LIST(struct rt_vector) vectors;
	RT_LIST(struct rt_lanes_state) states; /* before the body's leaders */
	RT_LIST(struct rt_lanes_insn) insns;
};

struct rt_body;
RT_HIDDEN void rt_lanes_find(struct rt_lanes *lanes, struct rt_body *body);
RT_HIDDEN void rt_lanes_fini(struct rt_lanes *lanes);

#endif
