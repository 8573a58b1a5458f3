/* Faults in the session's memory. Its file is sparse: where what holds it is full, or somebody cut it short, the first touch
 * of a page raises SIGBUS. Memory of the process's own, which the children that it forks share with it, takes the page's
 * place: that part is not shared with others any more.
 *
 * The engine asks before it touches (rt_fault_prevent). Checks in line with the program's code can't: there the signal comes,
 * is handled, and the instruction runs again. Of a thread that blocks SIGBUS meanwhile the kernel ends the process, as it does
 * for any fault whose signal is blocked.
 *
 * Who may include it: shadow/, and interpose/'s handler of SIGBUS. */
#ifndef RACETRACK_SHADOW_FAULT_H
#define RACETRACK_SHADOW_FAULT_H

#include "session.h"
#include "sys.h"

/* What makes SIGBUS come to rt_fault_mend, whatever the program does with it. Once, before the start. */
RT_HIDDEN void rt_fault_set_guard(void (*guard)(void));
/* A session's file was mapped. Before it is touched. */
RT_HIDDEN void rt_fault_begin(const struct rt_session_tables *tables, const char *shadow);
/* A SIGBUS at the address, by an access: true, if it was in the session's memory, and will not come again. Signal-safe. */
RT_HIDDEN bool rt_fault_mend(uintptr_t address);

/* False: there is no room for the pages, and touching them would raise the signal. */
RT_HIDDEN bool rt_fault_has_room(const void *memory, size_t bytes);
/* Afterwards they are there, one way or the other. */
RT_HIDDEN void rt_fault_have(const void *memory, size_t bytes);

RT_HIDDEN RT_COLD void rt_fault_have_page(size_t page);

/* The same for a part of the tables, quickly. That a page is there is said in the session, by whoever asked for it: the others
 * need not. Where that is not true the signal comes. */
static inline void rt_fault_prevent(const volatile void *entry, size_t bytes)
{
	uintptr_t at = (uintptr_t)entry - (uintptr_t)rt_session.tables, page = at / RT_PAGE_BYTES,
		  last = (at + bytes - 1) / RT_PAGE_BYTES;
	for (; page <= last; page++)
		if (RT_UNLIKELY(!(__atomic_load_n(&rt_session.tables->there[page / 64], __ATOMIC_RELAXED) >>
					  page % 64 &
				  1)))
			rt_fault_have_page(page);
}

#endif
