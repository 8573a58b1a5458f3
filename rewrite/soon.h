/* Whether control soon comes from one place of a function to another, on whatever ways there are. Blocks that are seldom run lie
 * behind the others, or before, so that the order of addresses does not tell.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_SOON_H
#define RACETRACK_REWRITE_SOON_H

#include "body.h"

enum {
	RT_SOON = 64,      /* instructions, on all ways */
	RT_SOON_MOST = 320 /* that can be asked for */
};

/* From behind `from` to `to` within so many, by way of instructions that `passes` lets by. NULL: of any. */
RT_HIDDEN bool rt_soon_comes(struct rt_body *body, uint32_t from, uint32_t to, unsigned most,
	bool (*passes)(const struct rt_body *body, uint32_t i, const void *data), const void *data);

#endif
