/* What texts were before they got their jumps. A program that makes its code writable means to change it, or to read it: mocks that overwrite a
 * function's first bytes, static keys, tracers' sleds. What it then writes must be what runs, so the text is given back first, as a
 * whole: short jumps may land in any page nearby. From there on nothing leads into its clones but what runs in them, until it calls
 * or returns.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_ORIGINAL_H
#define RACETRACK_REWRITE_ORIGINAL_H

#include "copy.h"

struct rt_original;

/* Of a copy that is about to take the text's place. NULL: no memory. */
RT_HIDDEN struct rt_original *rt_original_keep(const struct rt_copy *copy);
RT_HIDDEN void rt_original_free(struct rt_original *original);

/* Other threads may be running the text. False: the system refuses, or there is no memory; the text is as it was. */
RT_HIDDEN bool rt_original_give_back(const struct rt_original *original);

#endif
