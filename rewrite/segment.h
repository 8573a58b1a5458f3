/* What the bytes of a text tell of its use of the segment register fs, by which programs find their threads' own variables.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_SEGMENT_H
#define RACETRACK_REWRITE_SEGMENT_H

#include "module.h"

/* The code makes addresses of its threads' own variables: another thread may be handed one. Looked for at the first time. */
RT_HIDDEN bool rt_segment_is_handed(struct rt_module *module);

#endif
