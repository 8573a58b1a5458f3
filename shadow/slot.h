/* Slots of vector clocks and their epochs: see thread.h for what they are.
 *
 * Who may include it: thread.c, thread_table.c and enter.c. Any thread inside the engine; a lock of its own, which comes last. */
#ifndef RACETRACK_SHADOW_SLOT_H
#define RACETRACK_SHADOW_SLOT_H

#include "thread.h"

#define RT_SLOT_NONE UINT32_MAX

RT_HIDDEN bool rt_slots_init(void);
/* A slot for a thread whose past is `past`; RT_SLOT_NONE: there is none left. */
RT_HIDDEN rt_slot_t rt_slot_take(const struct rt_clock *past);
/* Its thread ended; or never began. */
RT_HIDDEN void rt_slot_leave(const struct rt_thread *thread);
RT_HIDDEN void rt_slot_free(rt_slot_t index);
/* The boundaries of the thread that was in the slot last, and left it. */
RT_HIDDEN const struct rt_boundaries *rt_slot_left(rt_slot_t index);
/* Starts the slot's next epoch, for `thread` if that is not 0. False: no segment is left, and the epoch stays. */
RT_HIDDEN bool rt_slot_next(rt_slot_t index, uint32_t thread);
/* Where a thread in the slot begins. */
RT_HIDDEN rt_epoch_t rt_slot_epoch(rt_slot_t index);
RT_HIDDEN uint32_t rt_slot_segment(rt_slot_t index);

/* ---- slots that mean something in the session: see abroad.h ---- */

/* A slot of clocks that no thread of this process has; RT_SLOT_NONE: there is none left. */
RT_HIDDEN rt_slot_t rt_slot_take_guest(void);
RT_HIDDEN bool rt_slot_is_guest(rt_slot_t index);
/* A slot whose thread went on in the process that this one was forked from. */
RT_HIDDEN void rt_slot_make_guest(rt_slot_t index);
/* The thread goes on in another slot, whose first epoch begins. */
RT_HIDDEN void rt_slot_move(struct rt_thread *self);
/* The thread goes on with epochs of the session, or of its process alone. False: there are none left. */
RT_HIDDEN bool rt_slot_settle(struct rt_thread *self);
RT_HIDDEN void rt_slot_unsettle(struct rt_thread *self);

#endif
