/* racetrack-report, asked while the program waits: what needs files and formats, or reads what nobody trusts, is done in another
 * process. That one is no child of the program's as far as its wait() goes, and can't take longer than it has processor time.
 *
 * Who may include it: shadow/, rewrite/, interpose/. One question at a time. */
#ifndef RACETRACK_SHADOW_REPORTER_H
#define RACETRACK_SHADOW_REPORTER_H

#include "base.h"

/* The program may no more make processes: a filter of its own kills it for that. */
RT_HIDDEN void rt_reporter_forbid(void);
/* Starts it, with arguments[0] its name and NULL at the end. False: it can't be, and there is no answer. */
RT_HIDDEN bool rt_reporter_ask(const char *const *arguments);
/* Waits for what it writes on its standard output: mapped, to be unmapped by the caller. NULL: nothing. */
RT_HIDDEN char *rt_reporter_answer(size_t *bytes);

#endif
