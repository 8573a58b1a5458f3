/* Puts changed pages in the place of a text that is mapped.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_REPLACE_H
#define RACETRACK_REWRITE_REPLACE_H

#include "copy.h"

/* See rt_patcher_commit. */
RT_HIDDEN bool rt_replace_text(const struct rt_copy *copy, bool alone);

#endif
