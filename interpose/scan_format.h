/* What a scanf format made the C library write: the targets of the conversions that were assigned.
 *
 * Who may include it: interpose/. The walk ends, without harm, at the first conversion that it does not know or that
 * names its target by position: what follows is not told. */
#ifndef RACETRACK_INTERPOSE_SCAN_FORMAT_H
#define RACETRACK_INTERPOSE_SCAN_FORMAT_H

#include "wrap.h"

/* Whether an 'a' before s, S and [ asks for a block: in the forms from before C99 it does. */
enum rt_scan_a { RT_SCAN_A_IS_FLOAT, RT_SCAN_A_ALLOCATES };

/* Inside the engine, after the call that returned `assigned`; `targets` is used up. errno stays. */
RT_HIDDEN void rt_scan_tell(struct rt_thread *self, struct rt_site *site, const char *format, va_list targets,
	int assigned, enum rt_scan_a a);
RT_HIDDEN void rt_scan_tell_wide(struct rt_thread *self, struct rt_site *site, const wchar_t *format,
	va_list targets, int assigned, enum rt_scan_a a);

#endif
