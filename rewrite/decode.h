/* What an instruction does, as far as rewriting has to know: by Zydis, which is loaded when it is first needed.
 *
 * Who may include it: rewrite/. One thread at a time, inside the engine or before there is a second thread. Calls nothing
 * of the C library once it is open. */
#ifndef RACETRACK_REWRITE_DECODE_H
#define RACETRACK_REWRITE_DECODE_H

#include "code.h"

/* Loads the decoder (libZydis.so.4.0). NULL: it is there; else one line that says what is missing. */
RT_HIDDEN const char *rt_decode_open(void);
RT_HIDDEN bool rt_decode_is_open(void);

/* The instruction at `offset`, which ends before `end`. False: no instruction, or one that a copy elsewhere could not stand
 * for (a relative branch out of reach of the text, xbegin, a write of the gs base). */
RT_HIDDEN bool rt_decode(const struct rt_code *text, uint32_t offset, uint32_t end, struct rt_insn *insn);

#endif
