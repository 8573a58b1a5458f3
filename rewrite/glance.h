/* Loads of two words of one object that are compared with each other: so a ring or a list is asked how much it has, in a function
 * that takes nothing out. Much other code compares such words, too; what comes of it shows as a load meets a ring's store:
 * shadow/infer.h.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_GLANCE_H
#define RACETRACK_REWRITE_GLANCE_H

#include "body.h"

/* Marks them, but for those of which more is known: RT_MARK_GLANCE. pre: what else looks for loads has marked its own. */
RT_HIDDEN void rt_glance_find(struct rt_body *body);

#endif
