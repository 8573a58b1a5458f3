/* Loads and stores of what may be a flag: a load whose value is compared with a constant, decides where control goes, and is
 * good for nothing else; and the store of a constant. So a program says that something is ready, and looks whether it is, by
 * atomic operations or, wrongly, without: the instructions are the same.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_FLAG_H
#define RACETRACK_REWRITE_FLAG_H

#include "body.h"

/* Marks them: RT_MARK_FLAG. pre: rt_live_find. */
RT_HIDDEN void rt_flag_find(struct rt_body *body);

#endif
