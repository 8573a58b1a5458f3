/* Poison: what an access to a range that must not be touched runs into. A poison's cell names, in place of an epoch, a
 * descriptor of who put it there and which rule an access breaks.
 *
 * Who may include it: shadow/. */
#ifndef RACETRACK_SHADOW_POISON_H
#define RACETRACK_SHADOW_POISON_H

#include "cell.h"

struct rt_poison_info {
	const char *rule;
	uint32_t thread;
};

static inline uint32_t rt_poison_id(rt_cell_t cell)
{
	return rt_cell_segment(cell) & ((1u << RT_EPOCH_BITS) - 1);
}
RT_HIDDEN const struct rt_poison_info *rt_poison_info_of(rt_cell_t cell);

#endif
