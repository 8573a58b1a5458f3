/* Atomic loads and stores as clang makes them without optimisation. It does not know then which order the program asks for, as that is
 * the argument of a function, and asks as it runs: for each order there is a block that does the same moves, and all go on at the same
 * place. A store in sequential order is an exchange.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_ORDERED_H
#define RACETRACK_REWRITE_ORDERED_H

#include "body.h"

/* Marks them: RT_MARK_WAITS. */
RT_HIDDEN void rt_ordered_find(struct rt_body *body);

#endif
