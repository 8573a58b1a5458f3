/* What a thread announces before it uses it: a hazard pointer, an era, a number of a list's version. It is stored, made seen by a fence,
 * and looked at again where it came from; where that is another one by then the same is done anew. Who may let the object go goes
 * through what all threads announced. So the place that is stored to is a sync variable, and what is looked at again.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_HAZARD_H
#define RACETRACK_REWRITE_HAZARD_H

#include "body.h"

/* Marks such loads and stores RT_MARK_WAITS. */
RT_HIDDEN void rt_hazard_find(struct rt_body *body);

#endif
