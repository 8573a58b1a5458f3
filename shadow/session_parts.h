/* What the parts of a session tell each other: session.c, its file (session_file.c), its processes (session_process.c).
 *
 * Who may include it: those three. The session's lock is held where it says so. */
#ifndef RACETRACK_SHADOW_SESSION_PARTS_H
#define RACETRACK_SHADOW_SESSION_PARTS_H

#include "session.h"

/* The session can't be had, for a reason (words that stay); false, for the caller to return. */
RT_HIDDEN bool rt_session_refuse(const char *why);
RT_HIDDEN bool rt_session_is_refused(void);

/* ---- the file ---- */

/* Makes up a name. Takes one that was given; false: it is none. */
RT_HIDDEN void rt_session_make_name(void);
RT_HIDDEN bool rt_session_set_name(const char *name);
/* Maps the file of the name, or makes it first. Lock held. */
RT_HIDDEN bool rt_session_file_join(void);
RT_HIDDEN bool rt_session_file_make(void);
/* Removes the one that was joined. */
RT_HIDDEN void rt_session_file_remove(void);

/* ---- processes ---- */

/* The time, in the kernel's ticks. Whether the process lives that had the number then; 0: any that has it. */
RT_HIDDEN uint64_t rt_session_now(void);
RT_HIDDEN bool rt_session_pid_lives(uint32_t pid, uint64_t then);
/* An entry; RT_SESSION_PROCESSES: there is none. It becomes this process's, which has the image's modules; or a forked child's. */
RT_HIDDEN uint32_t rt_session_claim(void);
RT_HIDDEN void rt_session_enter(uint32_t index, uint32_t image);
RT_HIDDEN void rt_session_enter_forked(uint32_t index);
/* This process is in the session no more. True: nobody else is. */
RT_HIDDEN bool rt_session_end_own(void);

#endif
