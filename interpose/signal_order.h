/* What signals order: senders publish what they did, handlers and those who wait for the signal take it over.
 *
 * Within a process there is one object for each number, for actions that are set, too. Between processes there is one for each
 * number and whom it was sent to: a process, a group, all.
 *
 * Who may include it: interpose/. Signal-safe. */
#ifndef RACETRACK_INTERPOSE_SIGNAL_ORDER_H
#define RACETRACK_INTERPOSE_SIGNAL_ORDER_H

#include "types.h"
#include "shadow/engine.h"

/* Before it is sent, to whom kill(2) would send it. Inside the engine. */
RT_HIDDEN void rt_signal_sent(struct rt_thread *self, struct rt_site *site, pid_t to, int number);
/* It has come, with its information; NULL: that is not known. Outside the engine. */
RT_HIDDEN void rt_signal_take_over(int number, const siginfo_t *info);
/* Some were read from a descriptor. Inside the engine. */
RT_HIDDEN void rt_signals_read(struct rt_thread *self, struct rt_site *site, const void *read, size_t bytes);

#endif
