/* What a printf format makes the C library read and write: its strings, the targets of %n, the format itself.
 *
 * Who may include it: interpose/. The walk ends, without harm, at the first conversion that it does not know or that
 * names its argument by position: what follows is not told. */
#ifndef RACETRACK_INTERPOSE_FORMAT_H
#define RACETRACK_INTERPOSE_FORMAT_H

#include "wrap.h"

/* Inside the engine; `arguments` stays usable. */
RT_HIDDEN void rt_format_tell(
	struct rt_thread *self, struct rt_site *site, const char *format, va_list arguments);
RT_HIDDEN void rt_format_tell_wide(
	struct rt_thread *self, struct rt_site *site, const wchar_t *format, va_list arguments);

#endif
