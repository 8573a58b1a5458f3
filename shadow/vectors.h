/* Calls from code that must leave the vector registers alone.
 *
 * A check in rewritten code interrupts the program between two instructions: what it overwrites it has to keep, and keeping
 * sixteen vectors costs more than most checks. So the files on the way of such a check (the Makefile's GENERAL) are compiled for the
 * general registers only, and what they call that is not goes through here.
 *
 * Who may include it: shadow/, interpose/, rewrite/. */
#ifndef RACETRACK_SHADOW_VECTORS_H
#define RACETRACK_SHADOW_VECTORS_H

#include "base.h"

/* function(argument), the first sixteen vectors' lower halves kept: what code compiled for x86-64 as such can overwrite. */
RT_HIDDEN void rt_vectors_kept(void (*function)(void *argument), void *argument);

#endif
