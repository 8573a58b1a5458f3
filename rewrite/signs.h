/* Signs in the bytes of a module's text, looked for before its functions are found: bytes that only look like such an instruction
 * are none.
 *
 * Who may include it: rewrite/. One thread at a time. Source: AMD64 Architecture Programmer's Manual, volume 3. */
#ifndef RACETRACK_REWRITE_SIGNS_H
#define RACETRACK_REWRITE_SIGNS_H

#include "module.h"

enum rt_sign {
	RT_SIGN_PAUSE =
		1, /* it waits by the instruction `pause`: nothing but loops that wait for another thread has it */
	RT_SIGN_LOCK = 2,  /* it has atomic instructions */
	RT_SIGN_FUTEX = 4, /* it calls futex without the C library's own locks, itself or by `syscall` */
	RT_SIGN_GS = 8,    /* it sets the segment register gs: by wrgsbase, or by the kernel */
	RT_SIGNS_ALL = 15
};

/* Which of `wanted` the module has. Neither of the first two where the decoder is not open. */
RT_HIDDEN unsigned rt_signs_find(const struct rt_module *module, unsigned wanted);

#endif
