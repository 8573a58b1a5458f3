/* What the bytes of a text tell of its use of segment registers.
 *
 * gs, by which rewritten code finds the cells: WebAssembly was compiled with it as the base of its memory. What such code calls
 * back would look for its cells in that memory. fs, by which programs find their threads' own variables.
 *
 * Who may include it: rewrite/. Source: AMD64 Architecture Programmer's Manual, volume 3, wrgsbase. */
#ifndef RACETRACK_REWRITE_SEGMENT_H
#define RACETRACK_REWRITE_SEGMENT_H

#include "module.h"

/* The text has an instruction that sets gs. */
RT_HIDDEN bool rt_segment_is_set(const struct rt_module *module);
/* The code makes addresses of its threads' own variables: another thread may be handed one. Looked for at the first time. */
RT_HIDDEN bool rt_segment_is_handed(struct rt_module *module);

#endif
