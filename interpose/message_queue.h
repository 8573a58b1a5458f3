/* POSIX message queues as what they notify.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_MESSAGE_QUEUE_H
#define RACETRACK_INTERPOSE_MESSAGE_QUEUE_H

#include "shadow/engine.h"

/* A queue's notification came as the signal: after the sending. Inside the engine. */
RT_HIDDEN void rt_message_queue_notified(struct rt_thread *self, struct rt_site *site, int signal);

#endif
