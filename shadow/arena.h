/* The engine's own memory: power-of-two sizes from mapped pages, never the program's heap.
 *
 * Who may include it: shadow/. rt_alloc and rt_free themselves are declared in engine.h, for trackers too. Any thread
 * that is inside the engine. Not signal-safe by itself: rt_enter keeps handlers out. */
#ifndef RACETRACK_SHADOW_ARENA_H
#define RACETRACK_SHADOW_ARENA_H

#include "base.h"

/* Once, first. `address_space` is the limit that the process may use, 0: none; then reservations are generous. */
RT_HIDDEN void rt_reserve_init(size_t address_space);

/* Virtual room for an array that grows in place: pages appear as they are touched. Tries `most_bytes` and halves it down
 * to `least_bytes`; returns what it got in *bytes, NULL when there is nothing. */
RT_HIDDEN void *rt_reserve(size_t most_bytes, size_t least_bytes, size_t *bytes);

/* Counts address space that was reserved in another way: rt_reserved_bytes. */
RT_HIDDEN void rt_reserved_add(size_t bytes);

#endif
