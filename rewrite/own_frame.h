/* Registers that hold addresses in the function's own frame, on every way that control comes by.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_OWN_FRAME_H
#define RACETRACK_REWRITE_OWN_FRAME_H

#include "body.h"
#include "list.h"

/* {0} at first; memory that the next body uses again. */
struct rt_own_frame {
	RT_LIST(uint16_t) before; /* of each instruction: a bit for each such register */
};

/* False: no memory. */
RT_HIDDEN bool rt_own_frame_find(struct rt_own_frame *own, const struct rt_body *body);
/* What the memory's address is made of leads there: the access is one of the frame, as far as nothing reaches out of it. */
static inline bool rt_own_frame_has(
	const struct rt_own_frame *own, uint32_t i, const struct rt_memory *memory)
{
	unsigned by_index = memory->scale == 1 && memory->index < RT_REGISTERS ? 1u << memory->index : 0;
	unsigned by_base = memory->base < RT_REGISTERS ? 1u << memory->base : 0;
	return own->before.at[i] & (by_base | by_index);
}
RT_HIDDEN void rt_own_frame_fini(struct rt_own_frame *own);

#endif
