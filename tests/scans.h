/* The scanf family under all its names: the compiler's header maps scanf to __isoc99_scanf, and old_scanf is what programs
 * from before C99 call. The functions that take a va_list stand here as in lists.h. */
#ifndef RACETRACK_TESTS_SCANS_H
#define RACETRACK_TESTS_SCANS_H

#include "lists.h"

int old_sscanf(const char *from, const char *format, ...) __asm__("sscanf");
int old_vsscanf(const char *from, const char *format, va_list list) __asm__("vsscanf");
int old_fscanf(FILE *file, const char *format, ...) __asm__("fscanf");
int old_vfscanf(FILE *file, const char *format, va_list list) __asm__("vfscanf");
int old_scanf(const char *format, ...) __asm__("scanf");
int old_vscanf(const char *format, va_list list) __asm__("vscanf");
int old_swscanf(const wchar_t *from, const wchar_t *format, ...) __asm__("swscanf");
int old_vswscanf(const wchar_t *from, const wchar_t *format, va_list list) __asm__("vswscanf");
int old_fwscanf(FILE *file, const wchar_t *format, ...) __asm__("fwscanf");
int old_vfwscanf(FILE *file, const wchar_t *format, va_list list) __asm__("vfwscanf");
int old_wscanf(const wchar_t *format, ...) __asm__("wscanf");
int old_vwscanf(const wchar_t *format, va_list list) __asm__("vwscanf");

WITH_LIST(int, list_sscanf, format, (const char *from, const char *format, ...), vsscanf(from, format, list))
WITH_LIST(int, list_fscanf, format, (FILE * file, const char *format, ...), vfscanf(file, format, list))
WITH_LIST(int, list_scanf, format, (const char *format, ...), vscanf(format, list))
WITH_LIST(int, list_swscanf, format, (const wchar_t *from, const wchar_t *format, ...),
	vswscanf(from, format, list))
WITH_LIST(int, list_fwscanf, format, (FILE * file, const wchar_t *format, ...), vfwscanf(file, format, list))
WITH_LIST(int, list_wscanf, format, (const wchar_t *format, ...), vwscanf(format, list))
WITH_LIST(int, old_list_sscanf, format, (const char *from, const char *format, ...),
	old_vsscanf(from, format, list))
WITH_LIST(
	int, old_list_fscanf, format, (FILE * file, const char *format, ...), old_vfscanf(file, format, list))
WITH_LIST(int, old_list_scanf, format, (const char *format, ...), old_vscanf(format, list))
WITH_LIST(int, old_list_swscanf, format, (const wchar_t *from, const wchar_t *format, ...),
	old_vswscanf(from, format, list))
WITH_LIST(int, old_list_fwscanf, format, (FILE * file, const wchar_t *format, ...),
	old_vfwscanf(file, format, list))
WITH_LIST(int, old_list_wscanf, format, (const wchar_t *format, ...), old_vwscanf(format, list))

#endif
