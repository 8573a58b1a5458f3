/* Loads whose value decides where control goes, and is good for nothing else: that of a flag, which is compared with a
 * constant; and that of a pointer, which is compared with NULL and then followed. So a program looks whether something is
 * ready, by an atomic load or, wrongly, without: the instructions are the same.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_TESTED_H
#define RACETRACK_REWRITE_TESTED_H

#include "body.h"

/* Marks them: RT_MARK_TESTED. pre: rt_live_find. */
RT_HIDDEN void rt_tested_find(struct rt_body *body);

#endif
