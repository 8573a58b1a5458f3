/* Which registers and flags may still be read: before each instruction of a function.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_LIVE_H
#define RACETRACK_REWRITE_LIVE_H

#include "body.h"

/* Fills body->live. Whatever leaves the function may read every register; and flags, if `flags_leave`: code that hands
 * flags from function to function is written by hand only. */
RT_HIDDEN void rt_live_find(struct rt_body *body, bool flags_leave);
/* Flags that a caller left, or a called function, are read: somewhere at an entry of the body. */
RT_HIDDEN bool rt_live_flags_enter(const struct rt_body *body);

#endif
