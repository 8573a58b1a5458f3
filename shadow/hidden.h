/* The library's own descriptors, which the program must not see: they lie at high numbers, do not survive an exec, and the
 * wrappers of close and its like deny that they exist. A program that closes them all the same (by system calls of its
 * own) is noticed, by what the number stands for.
 *
 * Who may include it: shadow/, and interpose/'s wrappers of descriptor functions. */
#ifndef RACETRACK_SHADOW_HIDDEN_H
#define RACETRACK_SHADOW_HIDDEN_H

#include "base.h"

enum rt_hidden { RT_HIDDEN_RECORD, RT_HIDDEN_MAPS, RT_HIDDEN_ANSWER, RT_HIDDEN_COUNT };

/* Opens one by `open`, which returns a descriptor or a negative number, out of the program's way, and in place of the one
 * there was. False: it can't be had, and all is as before. */
RT_HIDDEN bool rt_hidden_open(enum rt_hidden which, int (*open)(void *argument), void *argument);
/* The descriptor, -1: there is none, or the program closed it behind our back. */
RT_HIDDEN int rt_hidden_get(enum rt_hidden which);
/* Closes it, if it is still ours. */
RT_HIDDEN void rt_hidden_drop(enum rt_hidden which);

/* The number is one of ours. */
RT_HIDDEN bool rt_hidden_owns(int descriptor);
/* The program asks for this very number: moves ours away. */
RT_HIDDEN void rt_hidden_make_way(int descriptor);
/* The lowest of ours from `low` on, -1: none. */
RT_HIDDEN int rt_hidden_next(int low);

#endif
