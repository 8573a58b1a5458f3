/* Patterns: what several places of the program did to the bytes of one granule, in one epoch and in one kind (plain reads, or
 * plain writes), as one cell. So what a cell says of a segment is found in one look, and few granules need a list.
 *
 * A pattern is an interned sequence of parts, in the order of their bytes: which bytes, by which context. No two have a byte in
 * common. Its number stands in a cell where a context's would, above all those of contexts. The cell's mask may have fewer
 * bytes than the pattern: the others were forgotten, or something newer took their place.
 *
 * Who may include it: shadow/. Any thread, no locks. */
#ifndef RACETRACK_SHADOW_PATTERN_H
#define RACETRACK_SHADOW_PATTERN_H

#include "context.h"

enum { RT_PATTERN_PARTS = 8 };

typedef uint64_t rt_cell_t;

/* Without memory for it there are just no patterns. */
RT_HIDDEN void rt_pattern_init(void);

/* `old` and `fresh` as one cell; they are of one segment and kind, plain, and no frees; what fresh accessed is its own now. 0:
 * that can't be had: fresh is a pattern itself, or there is no memory. */
RT_HIDDEN rt_cell_t rt_pattern_join(rt_cell_t old, rt_cell_t fresh);
/* What the thread remembers of joins goes. */
RT_HIDDEN void rt_known_joins_fini(struct rt_thread *thread);

/* The same, where fresh may be a pattern. */
RT_HIDDEN rt_cell_t rt_pattern_join_all(rt_cell_t old, rt_cell_t fresh);

/* The cell as cells of one context each; how many. */
RT_HIDDEN unsigned rt_pattern_parts(rt_cell_t cell, rt_cell_t parts[RT_PATTERN_PARTS]);

#endif
