/* Modules that set the segment register gs, by which rewritten code finds the cells: WebAssembly that was compiled with it as the
 * base of its memory. What such code calls back would look for its cells in that memory.
 *
 * Who may include it: rewrite/. Source: AMD64 Architecture Programmer's Manual, volume 3, wrgsbase. */
#ifndef RACETRACK_REWRITE_SEGMENT_H
#define RACETRACK_REWRITE_SEGMENT_H

#include "module.h"

/* The text has an instruction for it, as far as its bytes tell. */
RT_HIDDEN bool rt_segment_is_set(const struct rt_module *module);

#endif
