/* What a program compiled with hooks may define for ThreadSanitizer's runtime to ask or to call: options, suppressions, and
 * word of the start, of findings and of the end.
 *
 * Who may include it: hooks/, and whoever starts and ends the engine. All of it is the program's code, which may be
 * compiled with hooks itself: outside of the engine, with no lock held. */
#ifndef RACETRACK_HOOKS_CALLBACKS_H
#define RACETRACK_HOOKS_CALLBACKS_H

#include "shadow/finding.h"

/* The options of __tsan_default_options() and those `given` beside them (NULL: none), which go before, in the words of
 * options.def: those that both have. Writes at most room-1 bytes and a NUL; "" when there are none. */
RT_HIDDEN void rt_callbacks_options(char *to, size_t room, const char *given);
/* The text of __tsan_default_suppressions(); NULL: there is none. */
RT_HIDDEN const char *rt_callbacks_suppressions(void);

/* Calls __tsan_on_initialize, once everything works. */
RT_HIDDEN void rt_callbacks_started(void);
/* Whether the program wants to hear of findings; then rt_callbacks_found calls __tsan_on_report, which may ask for what was
 * found (report.c). */
RT_HIDDEN bool rt_callbacks_listens(void);
RT_HIDDEN void rt_callbacks_found(const struct rt_found *found);
/* What the calling thread is being told of, NULL: nothing. */
RT_HIDDEN const struct rt_found *rt_callbacks_current(void);
/* Calls __tsan_on_finalize, which is told whether there are findings and decides whether the program is to end as one with
 * findings. False: it has none, and *failed is as it was. */
RT_HIDDEN bool rt_callbacks_ended(bool *failed);

#endif
