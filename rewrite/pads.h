/* Landing pads: where a function goes on when an exception comes out of one of its instructions. Read from its LSDA, as gcc's
 * unwind-pe.h and the Itanium C++ ABI describe it.
 *
 * Who may include it: rewrite/. Nothing of it is trusted. */
#ifndef RACETRACK_REWRITE_PADS_H
#define RACETRACK_REWRITE_PADS_H

#include "module.h"
#include "dwarf/reader.h"

/* Of exceptions at [start, end), addresses; `pad` is 0 where nothing catches them. */
struct rt_pad {
	uintptr_t start, end, pad;
};

struct rt_pads {
	struct rt_reader sites;
	uintptr_t function, base;
	uint8_t encoding;
};

/* pre: function->personality_data. False: not understood. */
RT_HIDDEN bool rt_pads_begin(
	struct rt_pads *pads, const struct rt_module *module, const struct rt_function *function);
/* False: that was all, or (pads->sites.failed) not understood. */
RT_HIDDEN bool rt_pads_next(struct rt_pads *pads, struct rt_pad *pad);

#endif
