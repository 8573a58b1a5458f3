/* Standard output and error as they were when the process started: the program may close them and open its data in their
 * place, where text of ours would be harm.
 *
 * Who may include it: shadow/. Any thread. */
#ifndef RACETRACK_SHADOW_STANDARD_H
#define RACETRACK_SHADOW_STANDARD_H

#include "base.h"

RT_HIDDEN void rt_standard_init(void);
/* 1 or 2 is still what it was. */
RT_HIDDEN bool rt_standard_is_same(int descriptor);

#endif
