/* Waits that a compiler unrolled: the same look twice, with `pause` between.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_UNROLLED_H
#define RACETRACK_REWRITE_UNROLLED_H

#include "body.h"

/* Marks the loads of looks, which nothing is done between but to pause, and which all leave for the same place: RT_MARK_WAITS. So
 * clang makes the first looks of libstdc++'s waits a function without a loop. */
RT_HIDDEN void rt_unrolled_find(struct rt_body *body);

#endif
