/* Handlers of signals, and what signals order.
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

/* Senders publish what they did, handlers and those who wait for the signal take it over. One sync object for each number,
 * which is a valid one. rt_signal_take_over: outside the engine. */
RT_HIDDEN uint64_t rt_signal_key(int number);
RT_HIDDEN void rt_signal_take_over(int number);

#endif
