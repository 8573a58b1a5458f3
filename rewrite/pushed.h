/* The end of what a vector holds, behind which it puts one more: an address that goes on by an element's size, once it was compared with
 * the end of its memory, and with nothing else. A ring's producer looks much like it, but a ring's index comes back to the beginning.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_PUSHED_H
#define RACETRACK_REWRITE_PUSHED_H

#include "body.h"

/* The store, of 8 bytes, is of such an end. */
RT_HIDDEN bool rt_pushed_is(struct rt_body *body, uint32_t store);

#endif
