/* Where the options want things to be written: what is said where that cannot be.
 *
 * Who may include it: shadow/. Any thread. */
#ifndef RACETRACK_SHADOW_OUTPUT_H
#define RACETRACK_SHADOW_OUTPUT_H

#include "base.h"

/* At start, before anything is written: a log_path in a folder that takes no file is said now, not at the first finding, and
 * given up. */
RT_HIDDEN void rt_output_check(void);
/* One line: the option, the path, why (an errno, of either sign), and what comes of it. */
RT_HIDDEN void rt_output_failed(const char *option, const char *path, long error, const char *result);
/* "Permission denied"; for a number without a text of ours, "error N". As long as the next call. */
RT_HIDDEN const char *rt_error_text(long error);

#endif
