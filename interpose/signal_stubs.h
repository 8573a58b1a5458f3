/* Handlers of signals.
 *
 * Who may include it: interpose/. Signal-safe. */
#ifndef RACETRACK_INTERPOSE_SIGNAL_STUBS_H
#define RACETRACK_INTERPOSE_SIGNAL_STUBS_H

#include "types.h"
#include "shadow/base.h"

/* sigaction, with a stub of ours in the place of a handler; `old` as the program set it. */
RT_HIDDEN int rt_signal_set_action(int number, const struct sigaction *action, struct sigaction *old);

/* An action that somebody set by the bare system call: a stub of ours takes its handler's place. */
RT_HIDDEN void rt_signal_take_action(int number);

/* From now on SIGBUS has a stub of ours, whatever the program wants done with it: see shadow/fault.h. */
RT_HIDDEN void rt_signal_guard(void);
/* Around what starts another program, in the place of this one or beside it, which gets what is ignored. */
RT_HIDDEN void rt_signal_hand_on(void);
RT_HIDDEN void rt_signal_handed_on(void);

#endif
