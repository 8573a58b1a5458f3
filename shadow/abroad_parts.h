/* What abroad.c (clocks) and abroad_block.c (epochs) tell each other.
 *
 * Who may include it: those two. */
#ifndef RACETRACK_SHADOW_ABROAD_PARTS_H
#define RACETRACK_SHADOW_ABROAD_PARTS_H

#include "abroad.h"

/* No epoch of any clock: what is not understood is not ordered. */
#define RT_ABROAD_EPOCHS ((1u << 30) - (1u << RT_EPOCH_BITS))

static inline bool rt_abroad_is_slot(uint32_t slot)
{
	return slot >= RT_SESSION_FIRST_BLOCK && slot < RT_THREAD_BLOCKS;
}

/* This process's slot for a session slot, a guest's if there was none; RT_SLOT_NONE: there is none left. */
RT_HIDDEN rt_slot_t rt_abroad_local_of(uint32_t session);
/* The session slot of one of this process's, which has the index among those that have one; 0: there are no more. */
RT_HIDDEN uint32_t rt_abroad_bound(uint32_t index, rt_slot_t *local);
/* `thread` (struct rt_thread) knows of the slot's epochs up to this one. */
RT_HIDDEN void rt_abroad_know(void *thread, rt_slot_t local, rt_epoch_t epoch);
/* All epochs of a block: those up to its last, or all that it can have. */
RT_HIDDEN void rt_abroad_know_block(struct rt_thread *self, uint32_t number);

#endif
