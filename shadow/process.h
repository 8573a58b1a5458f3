/* The process as a whole: start, fork, end.
 *
 * Who may include it: shadow/, rewrite/, interpose/. */
#ifndef RACETRACK_SHADOW_PROCESS_H
#define RACETRACK_SHADOW_PROCESS_H

#include "engine.h"
#include "options.h"

extern RT_HIDDEN struct rt_options rt_options;

/* Not that of a child of vfork, whose memory is the parent's. */
RT_HIDDEN int rt_process_id(void);
/* False in such a child. */
RT_HIDDEN bool rt_process_is_own(void);
/* A finding that counts as an error was recorded: ends the process where halt_on_error says so. */
RT_HIDDEN void rt_process_found(struct rt_thread *self);
/* Where records are kept, what has been rewritten is recorded now: the process may be killed. Inside the engine, or alone. */
RT_HIDDEN void rt_process_record_now(void);
/* What the process may ask of the system is restricted: see rt_confine. */
RT_HIDDEN bool rt_process_is_confined(void);
/* One line on the program's stderr, if it still is that: "racetrack: " and the text. */
RT_HIDDEN void rt_process_say(const char *text, const char *more);

#endif
