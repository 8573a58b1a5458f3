/* What of a module's loads and stores is checked: told to the engine for the report, and said on stderr where it is not nearly
 * all.
 *
 * An access that is not checked for a reason with `lost` in skips.def may be one side of a race that is missed. The others
 * are none that a second thread could see. Code that was not taken apart has accesses that nobody counted: they are
 * estimated.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_COVERAGE_H
#define RACETRACK_REWRITE_COVERAGE_H

#include "unit.h"

#include "shadow/record_format.h"

/* A function is left as it is: RT_SKIP_CHOSEN, RT_SKIP_TOLD, or RT_SKIP_UNDECODED. Before anything is patched. */
RT_HIDDEN void rt_coverage_leave(
	struct rt_unit *unit, const struct rt_function *function, enum rt_skip reason);
/* Counts what lies outside of all functions. Before anything is patched. */
RT_HIDDEN void rt_coverage_find_outside(struct rt_unit *unit);

/* It is a sample, or more than a hundredth of its loads and stores are in code that is not looked at. */
RT_HIDDEN bool rt_coverage_has_gaps(const struct rt_unit *unit);

/* The module is rewritten. `path`: its file. */
RT_HIDDEN void rt_coverage_tell(const struct rt_unit *unit, const char *path);
/* It is not, and why: words that stay. */
RT_HIDDEN void rt_coverage_tell_not(
	const struct rt_module *module, const char *path, enum rt_rewritten_state state, const char *why);
/* It was, and is so no more. */
RT_HIDDEN void rt_coverage_tell_undone(const struct rt_unit *unit, const char *path);
/* It was to be, and could not: that is said, too. */
RT_HIDDEN void rt_coverage_tell_failed(const struct rt_module *module, const char *path, const char *why);

#endif
