/* What the process counted, and which of it was lost, for the record and for who reads the terminal.
 *
 * Who may include it: process.c. Inside the engine. */
#ifndef RACETRACK_SHADOW_LOSSES_H
#define RACETRACK_SHADOW_LOSSES_H

#include "base.h"

/* Puts all counters into the record, and a sentence for each loss. */
RT_HIDDEN void rt_losses_record(void);
/* Says on stderr that something was not checked, where there is no report to say so. Outside the engine, too. */
RT_HIDDEN void rt_losses_say(void);

#endif
