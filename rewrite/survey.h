/* What is asked of every module before it is decided what becomes of it: signs in its text, and atomic operations among its names.
 * Looked for once, and kept in the cache for the next process, as the texts of a large program's libraries are hundreds of megabytes.
 *
 * There, a module is known by its build id, by its file's size and time, and by who looked.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_SURVEY_H
#define RACETRACK_REWRITE_SURVEY_H

#include "signs.h"

enum { RT_SURVEY_ATOMIC_NAMES = RT_SIGNS_ALL + 1 /* rt_named_any_atomic */ };

/* Between these two what was found is remembered; the store has to be open, if it is to be at all, and the decoder. */
RT_HIDDEN void rt_survey_open(void);
RT_HIDDEN void rt_survey_close(void);

/* Which of `wanted` the module has: signs, and the above. */
RT_HIDDEN unsigned rt_survey(const struct rt_module *module, unsigned wanted);

#endif
