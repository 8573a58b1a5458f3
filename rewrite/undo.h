/* Modules whose code the program means to change: they run as they were, from then on.
 *
 * Who may include it: rewrite/. One thread at a time, inside the engine, but where it says otherwise. */
#ifndef RACETRACK_REWRITE_UNDO_H
#define RACETRACK_REWRITE_UNDO_H

#include "original.h"
#include "unit.h"

/* The unit is committed; `original` is kept until the module is forgotten. */
RT_HIDDEN void rt_undo_know(const struct rt_unit *unit, struct rt_original *original);
/* The module that began there is gone. */
RT_HIDDEN void rt_undo_forget(uintptr_t low);

/* Some module was rewritten there. Any thread, outside the engine, too. */
RT_HIDDEN bool rt_undo_concerns(struct rt_range range);
/* Gives back the texts that have anything in `range`, and says so. */
RT_HIDDEN void rt_undo(struct rt_range range);

#endif
