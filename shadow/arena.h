/* The engine's own memory: power-of-two sizes from mapped pages, never the program's heap.
 *
 * Who may include it: shadow/. rt_alloc and rt_free themselves are declared in engine.h, for trackers too. Any thread
 * that is inside the engine. Not signal-safe by itself: rt_enter keeps handlers out. */
#ifndef RACETRACK_SHADOW_ARENA_H
#define RACETRACK_SHADOW_ARENA_H

#include "base.h"

/* Once, first. `address_space` is the limit that the process may use, 0: none; then reservations are generous. */
RT_HIDDEN void rt_reserve_init(size_t address_space);
/* Once the start has reserved what is large. Up to then room stays free between that and the libraries: what jumps from their
 * code can reach, for libraries that come later, and for code that is rewritten. */
RT_HIDDEN void rt_reserve_open(void);
/* Instead of a start: gives everything back that was reserved. */
RT_HIDDEN void rt_reserve_undo(void);

/* Virtual room for an array that grows in place: pages appear as they are touched. Tries `most_bytes` and halves it down
 * to `least_bytes`; returns what it got in *bytes, NULL when there is nothing. */
RT_HIDDEN void *rt_reserve(size_t most_bytes, size_t least_bytes, size_t *bytes);
/* The same for one that every process begins to fill: see struct reserved. */
RT_HIDDEN void *rt_reserve_hot(size_t most_bytes, size_t least_bytes, size_t *bytes);
/* The part of `most_bytes` that is fair where address space is scarce, halved down to `least_bytes`. */
RT_HIDDEN size_t rt_reserve_share(size_t most_bytes, size_t least_bytes);
/* Fresh memory that is never given back, as long as such memory takes no unfair part of scarce address space; or NULL. */
RT_HIDDEN void *rt_reserve_leaf(size_t bytes);
/* Exactly so much, or NULL. */
RT_HIDDEN void *rt_reserve_pages(size_t bytes);

/* Address space that was reserved in another way, or is given back: rt_reserved_bytes, rt_reserved_next. */
RT_HIDDEN void rt_reserved_add(const void *where, size_t bytes);
RT_HIDDEN void rt_reserved_remove(const void *where, size_t bytes);

#endif
