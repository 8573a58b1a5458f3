/* Masks of vector instructions whose bytes are known: constants in memory, and registers that hold such a one on all ways. Tells the
 * body's vectors of them (rt_vector_learn).
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_KNOWN_H
#define RACETRACK_REWRITE_KNOWN_H

#include "body.h"
#include "lanes.h"

RT_HIDDEN void rt_known_find(struct rt_lanes *lanes, const struct rt_body *body);

#endif
