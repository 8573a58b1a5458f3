/* Code without optimisation as if it had some: variables that it keeps in its frame are registers, and what only copies them
 * about is left out. So what looks for patterns need not know both kinds of code.
 *
 * A slot of the frame becomes a register (RT_SLOTS_ALL) if all that touches it reads or writes the whole of it and nothing makes
 * its address. An address that was loaded from one is that register, too.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_LIFT_H
#define RACETRACK_REWRITE_LIFT_H

#include "body.h"

/* Memory that the next function uses again. */
struct rt_lifted {
	struct rt_body view;
	uint32_t *origin;  /* of each of its instructions: the one in the body */
	uint32_t *numbers; /* of each of the body's: that in the view, or of the next that is there */
};

/* Another view of the body, until the body changes; the body itself where there is nothing to lift, or no memory. */
RT_HIDDEN struct rt_body *rt_lift(struct rt_lifted *lifted, struct rt_body *body, bool flags_leave);
/* What was marked there is marked in the body. */
RT_HIDDEN void rt_lift_back(const struct rt_lifted *lifted, const struct rt_body *view, struct rt_body *body);
RT_HIDDEN void rt_lift_fini(struct rt_lifted *lifted);

#endif
