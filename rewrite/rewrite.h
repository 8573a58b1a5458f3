/* Rewriting: the plain loads and stores of code that nobody recompiled.
 *
 * Every function of a module is copied to memory nearby, with a check in front of each access; jumps in the original lead
 * into the copies. See docs/rewriting.md.
 *
 * Who may include it: interpose/. It must not know a wrapper or an output format. */
#ifndef RACETRACK_REWRITE_REWRITE_H
#define RACETRACK_REWRITE_REWRITE_H

#include "shadow/base.h"

/* Before the second thread: rewrites what is loaded. Later calls do nothing. */
RT_HIDDEN void rt_rewrite_start(void);

#endif
