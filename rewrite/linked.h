/* Nodes that are linked in behind the last one: who puts his node in the place of the last one by an exchange stores its address to the
 * one that was there. Queues of many producers, and locks that are queues, are made of it. In between the next node is not known, and who
 * comes there looks again later, or waits.
 *
 * Who may include it: rewrite/. Sources: Vyukov, "Intrusive MPSC node-based queue"; Mellor-Crummey, Scott, "Algorithms for Scalable
 * Synchronization on Shared-Memory Multiprocessors" (1991). */
#ifndef RACETRACK_REWRITE_LINKED_H
#define RACETRACK_REWRITE_LINKED_H

#include "body.h"

/* Marks such stores: RT_MARK_WAITS. */
RT_HIDDEN void rt_linked_find(struct rt_body *body);

#endif
