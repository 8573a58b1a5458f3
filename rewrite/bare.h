/* Moves by hand: in a module with hooks what inline assembly loads and stores, of which no hook tells, is mostly an atomic access. What
 * compilers make of memset, memcpy and their like is not told of either, but there are several moves side by side, or a comparison.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_BARE_H
#define RACETRACK_REWRITE_BARE_H

#include "body.h"

/* Marks those of the body that are not skipped: rt_memory.bare. */
RT_HIDDEN void rt_bare_find(struct rt_body *body);
/* In a body that calls no more than hooks of its own call: a move that is all that a small function does, as where what is to be
 * inline is called. It may have been written in C, in a function that is to have no hooks: so it orders, and is no party of a
 * finding. rt_memory.hushed, too. */
RT_HIDDEN void rt_bare_find_alone(struct rt_body *body);

#endif
