/* Which registers and flags may still be read: before each instruction of a function.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_LIVE_H
#define RACETRACK_REWRITE_LIVE_H

#include "body.h"

/* Fills body->live. Whatever leaves the function may read every register; and flags, if `flags_leave`: code that hands
 * flags from function to function is written by hand only. */
RT_HIDDEN void rt_live_find(struct rt_body *body, bool flags_leave);
/* Flags that a called function left are read. */
RT_HIDDEN bool rt_live_flags_return(const struct rt_body *body);
/* Flags are read that whoever came to the start of the body left. Who jumps there, as functions do into their cold parts, keeps
 * them; it is another matter who calls. */
RT_HIDDEN bool rt_live_flags_enter(const struct rt_body *body);

#endif
