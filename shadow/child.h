/* Children of the engine's own, which the program's wait() never meets: their exit signal is 0.
 *
 * Who may include it: shadow/, rewrite/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_CHILD_H
#define RACETRACK_SHADOW_CHILD_H

#include "base.h"

/* A copy of this process with the calling thread alone: 0 in it, its pid in the caller, or -errno. */
RT_HIDDEN long rt_child_start(void);
/* Its status, -1: it is not ours to wait for. */
RT_HIDDEN int rt_child_wait(long child);
RT_HIDDEN _Noreturn void rt_child_end(int status);
/* Closes descriptors from `low` on, in a child. */
RT_HIDDEN void rt_child_close_from(int low);
/* Runs `work` in a child that has no descriptor open, for what the process has no descriptor left for: its answer, or
 * false. What it writes is seen in shared memory only. */
RT_HIDDEN bool rt_child_run(bool (*work)(void));

#endif
