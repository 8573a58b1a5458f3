/* How to get from a frame to its caller: one small rule for every pc, from the module's .eh_frame, cached.
 *
 * Who may include it: interpose/. Any thread, signal-safe, no locks: the cache's entries are checked words, and a module
 * is found by _dl_find_object, which takes no lock. Sources: System V ABI for x86-64, section 3.7; DWARF 5, section 6.4;
 * Linux Standard Base 5.0, chapter 10.6 (.eh_frame and .eh_frame_hdr). */
#ifndef RACETRACK_INTERPOSE_CFI_H
#define RACETRACK_INTERPOSE_CFI_H

#include "dwarf/frame_rule.h"

/* The rule for code at `pc` (inside the calling instruction: a return address less one). */
RT_HIDDEN struct rt_frame_rule rt_cfi_rule(uintptr_t pc);

/* Start of the function that holds the pc; 0: not known. */
RT_HIDDEN uintptr_t rt_cfi_function(uintptr_t pc);

/* Before a module goes: its addresses may come to mean other code. */
RT_HIDDEN void rt_cfi_forget(void);
/* What was worked out from rules stands while this is the same; never 0. */
extern RT_HIDDEN uint32_t rt_cfi_generation;

#endif
