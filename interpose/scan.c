/* Formatted input: the source and the format, then the targets of what was assigned. */
#include "format_text.h"
#include "scan_format.h"
#include "span.h"
#include "stream.h"
#include "wrap.h"

/* The call uses `arguments` up; `targets` are the same. */
#define WITH_TARGETS(call)                                                                                   \
	do {                                                                                                 \
		va_list targets;                                                                             \
		va_copy(targets, arguments);                                                                 \
		call;                                                                                        \
		va_end(targets);                                                                             \
	} while (0)

/* A NULL is refused by the C library. */
#define READS_FORMAT      RT_READS(format, format ? rt_real.strlen(format) + 1 : 0)
#define READS_WIDE_FORMAT RT_READS(format, format ? rt_span_wide_string(format, SIZE_MAX) : 0)

/* ---- from a string, all of which is looked at ---- */

#define FROM_STRING(name, a, call)                                                                           \
	WITH_TARGETS({                                                                                       \
		RT_TELL(name, {                                                                              \
			READS_FORMAT;                                                                        \
			RT_READS_STRING(from);                                                               \
		});                                                                                          \
		result = call;                                                                               \
		RT_TELL(name, rt_scan_tell(self, &site, format, targets, result, a));                        \
	})

int rt_wrap_sscanf(const char *from, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(
		format, FROM_STRING(sscanf, RT_SCAN_A_ALLOCATES, rt_real.vsscanf(from, format, arguments)));
	return result;
}

int rt_wrap_vsscanf(const char *from, const char *format, va_list arguments)
{
	int result;
	FROM_STRING(vsscanf, RT_SCAN_A_ALLOCATES, rt_real.vsscanf(from, format, arguments));
	return result;
}

int rt_wrap___isoc99_sscanf(const char *from, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, FROM_STRING(__isoc99_sscanf, RT_SCAN_A_IS_FLOAT,
					  rt_real.__isoc99_vsscanf(from, format, arguments)));
	return result;
}

int rt_wrap___isoc99_vsscanf(const char *from, const char *format, va_list arguments)
{
	int result;
	FROM_STRING(__isoc99_vsscanf, RT_SCAN_A_IS_FLOAT, rt_real.__isoc99_vsscanf(from, format, arguments));
	return result;
}

/* ---- from a stream ---- */

#define FROM_STREAM(name, a, file, call)                                                                     \
	WITH_TARGETS({                                                                                       \
		RT_TELL(name, READS_FORMAT);                                                                 \
		result = call;                                                                               \
		RT_TELL(name, {                                                                              \
			RT_ACQUIRES_STREAM(file);                                                            \
			rt_scan_tell(self, &site, format, targets, result, a);                               \
		});                                                                                          \
	})

int rt_wrap_fscanf(FILE *file, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format,
		FROM_STREAM(fscanf, RT_SCAN_A_ALLOCATES, file, rt_real.vfscanf(file, format, arguments)));
	return result;
}

int rt_wrap_vfscanf(FILE *file, const char *format, va_list arguments)
{
	int result;
	FROM_STREAM(vfscanf, RT_SCAN_A_ALLOCATES, file, rt_real.vfscanf(file, format, arguments));
	return result;
}

int rt_wrap_scanf(const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(
		format, FROM_STREAM(scanf, RT_SCAN_A_ALLOCATES, stdin, rt_real.vscanf(format, arguments)));
	return result;
}

int rt_wrap_vscanf(const char *format, va_list arguments)
{
	int result;
	FROM_STREAM(vscanf, RT_SCAN_A_ALLOCATES, stdin, rt_real.vscanf(format, arguments));
	return result;
}

int rt_wrap___isoc99_fscanf(FILE *file, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, FROM_STREAM(__isoc99_fscanf, RT_SCAN_A_IS_FLOAT, file,
					  rt_real.__isoc99_vfscanf(file, format, arguments)));
	return result;
}

int rt_wrap___isoc99_vfscanf(FILE *file, const char *format, va_list arguments)
{
	int result;
	FROM_STREAM(__isoc99_vfscanf, RT_SCAN_A_IS_FLOAT, file,
		rt_real.__isoc99_vfscanf(file, format, arguments));
	return result;
}

int rt_wrap___isoc99_scanf(const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, FROM_STREAM(__isoc99_scanf, RT_SCAN_A_IS_FLOAT, stdin,
					  rt_real.__isoc99_vscanf(format, arguments)));
	return result;
}

int rt_wrap___isoc99_vscanf(const char *format, va_list arguments)
{
	int result;
	FROM_STREAM(__isoc99_vscanf, RT_SCAN_A_IS_FLOAT, stdin, rt_real.__isoc99_vscanf(format, arguments));
	return result;
}

/* ---- from a wide string ---- */

#define FROM_WIDE_STRING(name, a, call)                                                                      \
	WITH_TARGETS({                                                                                       \
		RT_TELL(name, {                                                                              \
			READS_WIDE_FORMAT;                                                                   \
			RT_READS(from, rt_span_wide_string(from, SIZE_MAX));                                 \
		});                                                                                          \
		result = call;                                                                               \
		RT_TELL(name, rt_scan_tell_wide(self, &site, format, targets, result, a));                   \
	})

int rt_wrap_swscanf(const wchar_t *from, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format,
		FROM_WIDE_STRING(swscanf, RT_SCAN_A_ALLOCATES, rt_real.vswscanf(from, format, arguments)));
	return result;
}

int rt_wrap_vswscanf(const wchar_t *from, const wchar_t *format, va_list arguments)
{
	int result;
	FROM_WIDE_STRING(vswscanf, RT_SCAN_A_ALLOCATES, rt_real.vswscanf(from, format, arguments));
	return result;
}

int rt_wrap___isoc99_swscanf(const wchar_t *from, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, FROM_WIDE_STRING(__isoc99_swscanf, RT_SCAN_A_IS_FLOAT,
					  rt_real.__isoc99_vswscanf(from, format, arguments)));
	return result;
}

int rt_wrap___isoc99_vswscanf(const wchar_t *from, const wchar_t *format, va_list arguments)
{
	int result;
	FROM_WIDE_STRING(
		__isoc99_vswscanf, RT_SCAN_A_IS_FLOAT, rt_real.__isoc99_vswscanf(from, format, arguments));
	return result;
}

/* ---- from a wide stream ---- */

#define FROM_WIDE_STREAM(name, a, file, call)                                                                \
	WITH_TARGETS({                                                                                       \
		RT_TELL(name, READS_WIDE_FORMAT);                                                            \
		result = call;                                                                               \
		RT_TELL(name, {                                                                              \
			RT_ACQUIRES_STREAM(file);                                                            \
			rt_scan_tell_wide(self, &site, format, targets, result, a);                          \
		});                                                                                          \
	})

int rt_wrap_fwscanf(FILE *file, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, FROM_WIDE_STREAM(fwscanf, RT_SCAN_A_ALLOCATES, file,
					  rt_real.vfwscanf(file, format, arguments)));
	return result;
}

int rt_wrap_vfwscanf(FILE *file, const wchar_t *format, va_list arguments)
{
	int result;
	FROM_WIDE_STREAM(vfwscanf, RT_SCAN_A_ALLOCATES, file, rt_real.vfwscanf(file, format, arguments));
	return result;
}

int rt_wrap_wscanf(const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format,
		FROM_WIDE_STREAM(wscanf, RT_SCAN_A_ALLOCATES, stdin, rt_real.vwscanf(format, arguments)));
	return result;
}

int rt_wrap_vwscanf(const wchar_t *format, va_list arguments)
{
	int result;
	FROM_WIDE_STREAM(vwscanf, RT_SCAN_A_ALLOCATES, stdin, rt_real.vwscanf(format, arguments));
	return result;
}

int rt_wrap___isoc99_fwscanf(FILE *file, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, FROM_WIDE_STREAM(__isoc99_fwscanf, RT_SCAN_A_IS_FLOAT, file,
					  rt_real.__isoc99_vfwscanf(file, format, arguments)));
	return result;
}

int rt_wrap___isoc99_vfwscanf(FILE *file, const wchar_t *format, va_list arguments)
{
	int result;
	FROM_WIDE_STREAM(__isoc99_vfwscanf, RT_SCAN_A_IS_FLOAT, file,
		rt_real.__isoc99_vfwscanf(file, format, arguments));
	return result;
}

int rt_wrap___isoc99_wscanf(const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, FROM_WIDE_STREAM(__isoc99_wscanf, RT_SCAN_A_IS_FLOAT, stdin,
					  rt_real.__isoc99_vwscanf(format, arguments)));
	return result;
}

int rt_wrap___isoc99_vwscanf(const wchar_t *format, va_list arguments)
{
	int result;
	FROM_WIDE_STREAM(
		__isoc99_vwscanf, RT_SCAN_A_IS_FLOAT, stdin, rt_real.__isoc99_vwscanf(format, arguments));
	return result;
}
