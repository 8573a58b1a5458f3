/* What is loaded between two loads of the same place that a retry loop compares: a reader that a version number, or a count of
 * writers, tells whether what it has read is of one piece (a seqlock). What was loaded in vain is thrown away, so those loads are
 * atomic, or may as well be.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_VALIDATED_H
#define RACETRACK_REWRITE_VALIDATED_H

#include "body.h"

/* Marks them, and the two: RT_MARK_WAITS. */
RT_HIDDEN void rt_validated_find(struct rt_body *body);

#endif
