/* Modules of the system's whose loads and stores are not looked at, though they have atomic instructions. What several threads
 * share by way of them may be ordered there, unseen: a race is no more than inferred where both sides are calls that one of them
 * made, or in code of the program's that one of them called. Who begins a thread's stack does not count: what it hands to the
 * thread is ordered by the thread's creation.
 *
 * Who may include it: shadow/, rewrite/. */
#ifndef RACETRACK_SHADOW_UNSEEN_H
#define RACETRACK_SHADOW_UNSEEN_H

#include "context.h"

enum rt_unseen {
	RT_UNSEEN_ALL,
	RT_UNSEEN_MOST, /* what orders the program's threads is looked at: it counts where it made the call itself */
	RT_UNSEEN_PLAIN /* it orders nothing, and counts as whoever called it */
};

/* [low, high) from now on, until the module that begins at `low` is gone. One that finds no room is none. One thread at a time. */
RT_HIDDEN void rt_unseen_add(uintptr_t low, uintptr_t high, enum rt_unseen how);
RT_HIDDEN void rt_unseen_forget(uintptr_t low);
/* What one of them did, or had done. Any thread. */
RT_HIDDEN bool rt_unseen_did(rt_ctx_t context);

#endif
