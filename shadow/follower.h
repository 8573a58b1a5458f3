/* The follower: racetrack-report, started beside the process at its first finding.
 *
 * It prints findings while the process runs, and writes the HTML page when it ends, also when it is killed. It is no
 * child of the process (so that wait() never meets it) and shares no descriptor with it but its stderr and the record.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_FOLLOWER_H
#define RACETRACK_SHADOW_FOLLOWER_H

#include "base.h"

/* At start, while paths are what the user meant. */
RT_HIDDEN void rt_follower_init(void);
/* Once; later calls do nothing. */
RT_HIDDEN void rt_follower_start(void);
/* Waits until all that is recorded was reported, or the follower is gone, or ten seconds are over. */
RT_HIDDEN void rt_follower_wait(void);
/* Waits likewise, and goes on: before what may end the process on the spot. Outside rt_enter. */
RT_HIDDEN void rt_follower_ask(void);
/* What it prints meets what the process prints. */
RT_HIDDEN bool rt_follower_is_on_stderr(void);
RT_HIDDEN void rt_follower_forked(void);

#endif
