/* Loads by which a loop decides whether to claim something with a compare-and-exchange, as a queue's slot that says whose turn it
 * is: what they load is compared, the equal side leads straight to the compare-and-exchange, and where that fails the loop
 * looks again, perhaps elsewhere. And what such a loop loads from beside the word that it exchanges, as a pointer to what the position
 * lies in. And, without a loop, loads that the expected value is compared with, as a deque's other end.
 * And the load of the word itself right before, whose value is the expected one.
 * And what is loaded from an array by way of that number, before it is known whether the exchange succeeds; and the array's pointer.
 * And what is to be put there, if it was loaded by way of the value that is expected there, as a stack's next node.
 *
 * Who takes or gives back a lock by such an instruction expects a constant: what he loads before is what the lock protects, or
 * nothing that has to do with it. So it is with what is not looked at again where the exchange fails.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_CLAIM_H
#define RACETRACK_REWRITE_CLAIM_H

#include "body.h"

/* Marks them: RT_MARK_WAITS. Each is looked at again until it has the value: that makes it a wait, though its address changes,
 * for which wait.h does not know it. */
RT_HIDDEN void rt_claim_find(struct rt_body *body);

#endif
