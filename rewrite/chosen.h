/* Loads that count only sometimes: compilers turn `if (c) x = global;` into a load that is always made, and a conditional move
 * that takes it or not. Where it is not taken the program as it was written read nothing.
 *
 * Such a load is checked at its conditional move, under the move's condition. One that a conditional move makes itself needs
 * nothing of this: struct rt_insn says so.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_CHOSEN_H
#define RACETRACK_REWRITE_CHOSEN_H

#include "body.h"

/* Marks both: RT_MARK_CHOSEN. pre: rt_live_find. */
RT_HIDDEN void rt_chosen_find(struct rt_body *body);
/* Of a marked conditional move: the next of its loads before `before`, the move itself at first; RT_NO_INSN: no more. */
RT_HIDDEN uint32_t rt_chosen_load(const struct rt_body *body, uint32_t move, uint32_t before);
/* The condition under which it takes what that loaded. */
RT_HIDDEN unsigned rt_chosen_condition(const struct rt_body *body, uint32_t move, uint32_t load);

#endif
