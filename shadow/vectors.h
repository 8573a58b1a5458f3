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

/* The two parts of it, for assembler code: at rsp, which is a multiple of 16, are 256 bytes of room. */
#define RT_VECTORS_EACH(one)                                                                                 \
	one(0) one(1) one(2) one(3) one(4) one(5) one(6) one(7) one(8) one(9) one(10) one(11) one(12)        \
		one(13) one(14) one(15)
#define RT_VECTORS_SAVE_ONE(n)    "	movups %xmm" #n ", 16 * " #n "(%rsp)\n"
#define RT_VECTORS_RESTORE_ONE(n) "	movups 16 * " #n "(%rsp), %xmm" #n "\n"
#define RT_VECTORS_SAVE           RT_VECTORS_EACH(RT_VECTORS_SAVE_ONE)
#define RT_VECTORS_RESTORE        RT_VECTORS_EACH(RT_VECTORS_RESTORE_ONE)

#endif
