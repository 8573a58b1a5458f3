/* Looks at words that the function hands to futex(2): who would wait for a word looks at it first, and mostly need not wait. So C++20's
 * std::atomic::wait does, inlined behind a loop of the program's own.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_FUTEXES_H
#define RACETRACK_REWRITE_FUTEXES_H

#include "body.h"

/* Marks them: RT_MARK_WAITS. */
RT_HIDDEN void rt_futexes_find(struct rt_body *body);

#endif
