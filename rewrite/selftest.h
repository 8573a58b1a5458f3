/* Clones beside their originals, before any is run for the program: those of functions that do nothing but compute. These call
 * nothing, store nothing but in their own frame, and are left by returns alone; so they can be run with any registers, in a
 * child, where a fault is a result like another.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_SELFTEST_H
#define RACETRACK_REWRITE_SELFTEST_H

#include "unit.h"

/* unit->pure: those functions. Once the clones are made, and kept for the next run. */
RT_HIDDEN void rt_selftest_choose(struct rt_unit *unit);
/* Runs them, and says what came of it. Once the clones can be run, before the program runs them. False: some do something
 * else. */
RT_HIDDEN bool rt_selftest_passes(struct rt_unit *unit, const char *path);

#endif
