/* Rounds in vain: ways round a loop that control takes again and again until somebody else changes what is loaded on them.
 *
 * Registers and slots that are read again have the values of before, or such as the round makes of what stays; so the next round
 * is the same. Which way control takes is decided by what is loaded, or by what stays anyway. A way that its own comparisons
 * exclude is none.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_IDLE_H
#define RACETRACK_REWRITE_IDLE_H

#include "body.h"

enum { RT_IDLE_MOST = 16 };

struct rt_idle_loads {
	uint32_t at[RT_IDLE_MOST];
	unsigned count;
};

/* pre: what goes round from `entry` on is marked RT_MARK_AROUND, rt_live_find. */
struct rt_idle {
	struct rt_idle_loads settled; /* they alone decide that it goes round in vain */
	struct rt_idle_loads passed;  /* of a place that was there at the entry: with whatever else decides */
};
/* `works`: on other ways round it does something; then only those count that say that they wait. */
RT_HIDDEN void rt_idle_find(struct rt_body *body, uint32_t entry, bool works, struct rt_idle *idle);

#endif
