/* The process as a whole: start, fork, end, and what records say of it.
 *
 * Who may include it: shadow/. */
#ifndef RACETRACK_SHADOW_PROCESS_H
#define RACETRACK_SHADOW_PROCESS_H

#include "engine.h"
#include "options.h"

extern RT_HIDDEN struct rt_options rt_options;

/* The PROCESS, REWRITTEN and FUNCTION records, once per record file. Findings' lock held. */
RT_HIDDEN void rt_process_record_self(uint32_t generation);
RT_HIDDEN void rt_process_record_function(uint32_t function, uint32_t generation);
/* False in a child of vfork, whose memory is the parent's. */
RT_HIDDEN bool rt_process_is_own(void);
/* A finding that counts as an error was recorded: ends the process where halt_on_error says so. */
RT_HIDDEN void rt_process_found(struct rt_thread *self);
/* What the process may ask of the system is restricted: see rt_confine. */
RT_HIDDEN bool rt_process_is_confined(void);
/* The value of a variable, whose name is given with its '='; NULL: it is not there. */
RT_HIDDEN const char *rt_process_variable(char **environment, const char *name);
/* HOME and XDG_CACHE_HOME as they were when the process began; "" where they were not, or too long. */
RT_HIDDEN const char *rt_process_home(void);
RT_HIDDEN const char *rt_process_caches(void);
/* One line on the program's stderr, if it still is that: "racetrack: " and the text. */
RT_HIDDEN void rt_process_say(const char *text, const char *more);

#endif
