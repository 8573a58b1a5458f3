/* The functions that take a va_list, called with arguments. They stand here, not in the cases, so that the line that a
 * finding names is the caller's. */
#ifndef RACETRACK_TESTS_LISTS_H
#define RACETRACK_TESTS_LISTS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

#define WITH_LIST(result, name, last, parameters, call)                                                      \
	static __attribute__((noinline, unused)) result name parameters                                      \
	{                                                                                                    \
		va_list list;                                                                                \
		va_start(list, last);                                                                        \
		result made = call;                                                                          \
		va_end(list);                                                                                \
		return made;                                                                                 \
	}

/* Buffers of a size that the compiler knows, as they are not last in their structure: for the fortified forms. */
struct list_buffer {
	char text[64], after;
};
#define SIZED(to) (((struct list_buffer *)(to))->text)

WITH_LIST(int, list_sprintf, format, (char *to, const char *format, ...), vsprintf(SIZED(to), format, list))
WITH_LIST(int, list_snprintf, format, (char *to, size_t room, const char *format, ...),
	vsnprintf(SIZED(to), room, format, list))
WITH_LIST(int, list_asprintf, format, (char **to, const char *format, ...), vasprintf(to, format, list))
WITH_LIST(int, list_printf, format, (const char *format, ...), vprintf(format, list))
WITH_LIST(int, list_fprintf, format, (FILE * file, const char *format, ...), vfprintf(file, format, list))
WITH_LIST(int, list_dprintf, format, (int descriptor, const char *format, ...),
	vdprintf(descriptor, format, list))
WITH_LIST(int, list_swprintf, format, (wchar_t * to, size_t room, const wchar_t *format, ...),
	vswprintf(to, room, format, list))
WITH_LIST(int, list_wprintf, format, (const wchar_t *format, ...), vwprintf(format, list))
WITH_LIST(
	int, list_fwprintf, format, (FILE * file, const wchar_t *format, ...), vfwprintf(file, format, list))

#endif
