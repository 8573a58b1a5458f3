/* What the process counted, and which of it was lost, for the record and for who reads the terminal.
 *
 * Who may include it: process.c, rewrite/. Inside the engine. */
#ifndef RACETRACK_SHADOW_LOSSES_H
#define RACETRACK_SHADOW_LOSSES_H

#include "base.h"

/* Puts all counters into the record, and a sentence for each loss. */
RT_HIDDEN void rt_losses_record(void);
/* A loss that is no counter's: says it on stderr, unless a report that is under way to there will, and puts it into the record that
 * rt_losses_record makes. Outside the engine, too; one thread at a time. */
RT_HIDDEN void rt_losses_tell(const char *text);
/* In a child: what was told is its parent's. */
RT_HIDDEN void rt_losses_forked(void);
/* Says on stderr that something was not checked, where there is no report to say so. Outside the engine, too. */
RT_HIDDEN void rt_losses_say(void);

#endif
