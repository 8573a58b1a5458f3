/* Faults in the session's memory. Its file is sparse: where what holds it is full, or somebody cut it short, the first touch of a
 * page raises SIGBUS, in whatever the program's thread did just then. Memory of the process's own, which the children that it
 * forks share with it, takes the page's place, and the instruction runs again: that part is not shared with others any more.
 *
 * A thread that blocks SIGBUS can't be helped: the kernel ends the process, as it does for any fault whose signal is blocked.
 *
 * Who may include it: shadow/, and interpose/'s handler of SIGBUS. */
#ifndef RACETRACK_SHADOW_FAULT_H
#define RACETRACK_SHADOW_FAULT_H

#include "base.h"

struct rt_session_tables;

/* What makes SIGBUS come to rt_fault_mend, whatever the program does with it. Once, before the start. */
RT_HIDDEN void rt_fault_set_guard(void (*guard)(void));
/* A session's file was mapped. Before it is touched. */
RT_HIDDEN void rt_fault_begin(const struct rt_session_tables *tables, const char *shadow);
/* A SIGBUS at the address, by an access: true, if it was in the session's memory, and will not come again. Signal-safe. */
RT_HIDDEN bool rt_fault_mend(uintptr_t address);

/* The pages of the memory are there: writing them raises no signal. False: there is no room. */
RT_HIDDEN bool rt_fault_have(void *memory, size_t bytes);

#endif
