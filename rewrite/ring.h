/* The two indices of a ring for one producer and one consumer, in functions that look at each once: the own one is loaded, compared
 * with the other's, and the own one is stored, changed. In code that is called in a loop elsewhere, so that wait.h does not know it.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_RING_H
#define RACETRACK_REWRITE_RING_H

#include "body.h"

/* Marks the store, and the loads that the own index is compared with: RT_MARK_RING; and the own index's loads: RT_MARK_OWN. What
 * comes of them shows as two threads meet there: shadow/infer.h. */
RT_HIDDEN void rt_ring_find(struct rt_body *body);

#endif
