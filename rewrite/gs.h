/* The segment register gs, which the emitted checks have as their base. A program that sets it itself can't be rewritten.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_GS_H
#define RACETRACK_REWRITE_GS_H

#include "module.h"

/* The module's code sets it. Between rt_survey_open and rt_survey_close. */
RT_HIDDEN bool rt_gs_is_set_by(const struct rt_module *module);
/* Before the second thread: takes it, which threads inherit. NULL, or why it can't be had: words that stay. As above. */
RT_HIDDEN const char *rt_gs_take(void);

#endif
