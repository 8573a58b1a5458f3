/* What a module that was compiled with hooks (-fsanitize=thread) tells of by itself: each load and store behind a hook that has just
 * been handed its address. The rest is seen by nobody else, and is checked as in any other module: inline assembly, what gcc makes of
 * memset, memcpy and the like behind the hooks' back, intrinsics, what was compiled without hooks and linked in.
 *
 * A function in which no hook tells of an access was compiled so on purpose, or has nothing that a hook could tell: of it no more is
 * looked at than atomic instructions, which order what others tell of, and what is of a form that no hook is made for, if that is
 * all that it has. gcc's tell of the call of each function that has them, so that one without accesses is known, too.
 *
 * A module with atomic instructions and no hook of an atomic operation may have been compiled to have none of these
 * (-fno-sanitize-thread-atomics): what such an instruction orders is seen, the access is none.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_TOLD_H
#define RACETRACK_REWRITE_TOLD_H

#include "hook_calls.h"
#include "own_frame.h"

/* Accesses of the body that the hooks tell of, or nobody has to, are skipped: RT_SKIP_HOOKED. Moves by hand are marked: see bare.h.
 * False: all are skipped. */
RT_HIDDEN bool rt_told_find(const struct rt_hooks *hooks, struct rt_own_frame *frame, struct rt_body *body);

#endif
