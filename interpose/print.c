/* Formatted output and its fortified forms. */
#include "format.h"
#include "format_text.h"
#include "span.h"
#include "stream.h"
#include "wrap.h"

#define TELL_FORMAT(name) RT_TELL(name, rt_format_tell(self, &site, format, arguments))

/* ---- to a buffer ---- */

/* What a call that was given `room` bytes, and made `length` of them, wrote. */
static size_t count_written(int length, size_t room)
{
	if (length < 0)
		return 0;
	return (size_t)length < room ? (size_t)length + 1 : room;
}

#define TO_BUFFER(name, room, call)                                                                          \
	do {                                                                                                 \
		TELL_FORMAT(name);                                                                           \
		result = call;                                                                               \
		RT_TELL(name, RT_WRITES(to, count_written(result, room)));                                   \
	} while (0)

int rt_wrap_sprintf(char *to, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, TO_BUFFER(sprintf, SIZE_MAX, rt_real.vsprintf(to, format, arguments)));
	return result;
}

int rt_wrap_vsprintf(char *to, const char *format, va_list arguments)
{
	int result;
	TO_BUFFER(vsprintf, SIZE_MAX, rt_real.vsprintf(to, format, arguments));
	return result;
}

int rt_wrap_snprintf(char *to, size_t room, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, TO_BUFFER(snprintf, room, rt_real.vsnprintf(to, room, format, arguments)));
	return result;
}

int rt_wrap_vsnprintf(char *to, size_t room, const char *format, va_list arguments)
{
	int result;
	TO_BUFFER(vsnprintf, room, rt_real.vsnprintf(to, room, format, arguments));
	return result;
}

int rt_wrap___sprintf_chk(char *to, int flag, size_t room, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, TO_BUFFER(__sprintf_chk, SIZE_MAX,
					  rt_real.__vsprintf_chk(to, flag, room, format, arguments)));
	return result;
}

int rt_wrap___vsprintf_chk(char *to, int flag, size_t room, const char *format, va_list arguments)
{
	int result;
	TO_BUFFER(__vsprintf_chk, SIZE_MAX, rt_real.__vsprintf_chk(to, flag, room, format, arguments));
	return result;
}

int rt_wrap___snprintf_chk(char *to, size_t most, int flag, size_t room, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, TO_BUFFER(__snprintf_chk, most,
					  rt_real.__vsnprintf_chk(to, most, flag, room, format, arguments)));
	return result;
}

int rt_wrap___vsnprintf_chk(
	char *to, size_t most, int flag, size_t room, const char *format, va_list arguments)
{
	int result;
	TO_BUFFER(__vsnprintf_chk, most, rt_real.__vsnprintf_chk(to, most, flag, room, format, arguments));
	return result;
}

/* ---- to a wide buffer ---- */

/* A result that did not fit is negative too: the buffer is full but for its last character, and no NUL ends it. */
static size_t count_wide_written(const wchar_t *to, int length, size_t room)
{
	if (length >= 0)
		return ((size_t)length + 1) * sizeof(wchar_t);
	return room ? rt_span_wide_string(to, room - 1) : 0;
}

#define TO_WIDE_BUFFER(name, room, call)                                                                     \
	do {                                                                                                 \
		RT_TELL(name, rt_format_tell_wide(self, &site, format, arguments));                          \
		result = call;                                                                               \
		RT_TELL(name, RT_WRITES(to, count_wide_written(to, result, room)));                          \
	} while (0)

int rt_wrap_swprintf(wchar_t *to, size_t room, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(
		format, TO_WIDE_BUFFER(swprintf, room, rt_real.vswprintf(to, room, format, arguments)));
	return result;
}

int rt_wrap_vswprintf(wchar_t *to, size_t room, const wchar_t *format, va_list arguments)
{
	int result;
	TO_WIDE_BUFFER(vswprintf, room, rt_real.vswprintf(to, room, format, arguments));
	return result;
}

int rt_wrap___swprintf_chk(wchar_t *to, size_t most, int flag, size_t room, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, TO_WIDE_BUFFER(__swprintf_chk, most,
					  rt_real.__vswprintf_chk(to, most, flag, room, format, arguments)));
	return result;
}

int rt_wrap___vswprintf_chk(
	wchar_t *to, size_t most, int flag, size_t room, const wchar_t *format, va_list arguments)
{
	int result;
	TO_WIDE_BUFFER(
		__vswprintf_chk, most, rt_real.__vswprintf_chk(to, most, flag, room, format, arguments));
	return result;
}

/* ---- to a new block, which appears by malloc ---- */

#define TO_NEW_BLOCK(name, call)                                                                             \
	do {                                                                                                 \
		TELL_FORMAT(name);                                                                           \
		result = call;                                                                               \
		if (result >= 0)                                                                             \
			RT_TELL(name, {                                                                      \
				RT_WRITES(to, sizeof(*to));                                                  \
				RT_WRITES(*to, (size_t)result + 1);                                          \
			});                                                                                  \
	} while (0)

int rt_wrap_asprintf(char **to, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, TO_NEW_BLOCK(asprintf, rt_real.vasprintf(to, format, arguments)));
	return result;
}

int rt_wrap_vasprintf(char **to, const char *format, va_list arguments)
{
	int result;
	TO_NEW_BLOCK(vasprintf, rt_real.vasprintf(to, format, arguments));
	return result;
}

int rt_wrap___asprintf_chk(char **to, int flag, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(
		format, TO_NEW_BLOCK(__asprintf_chk, rt_real.__vasprintf_chk(to, flag, format, arguments)));
	return result;
}

int rt_wrap___vasprintf_chk(char **to, int flag, const char *format, va_list arguments)
{
	int result;
	TO_NEW_BLOCK(__vasprintf_chk, rt_real.__vasprintf_chk(to, flag, format, arguments));
	return result;
}

/* ---- to a stream or a descriptor ---- */

#define TELL_OUTPUT(name, releases)                                                                          \
	RT_TELL(name, {                                                                                      \
		rt_format_tell(self, &site, format, arguments);                                              \
		releases;                                                                                    \
	})

#define OUTPUT(name, releases, call)                                                                         \
	do {                                                                                                 \
		TELL_OUTPUT(name, releases);                                                                 \
		result = call;                                                                               \
	} while (0)

int rt_wrap_printf(const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(
		format, OUTPUT(printf, RT_RELEASES_STREAM(stdout), rt_real.vprintf(format, arguments)));
	return result;
}

int rt_wrap_vprintf(const char *format, va_list arguments)
{
	TELL_OUTPUT(vprintf, RT_RELEASES_STREAM(stdout));
	return rt_real.vprintf(format, arguments);
}

int rt_wrap_fprintf(FILE *file, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(
		format, OUTPUT(fprintf, RT_RELEASES_STREAM(file), rt_real.vfprintf(file, format, arguments)));
	return result;
}

int rt_wrap_vfprintf(FILE *file, const char *format, va_list arguments)
{
	TELL_OUTPUT(vfprintf, RT_RELEASES_STREAM(file));
	return rt_real.vfprintf(file, format, arguments);
}

int rt_wrap_dprintf(int descriptor, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, OUTPUT(dprintf, rt_descriptor_output(self, &site, descriptor),
					  rt_real.vdprintf(descriptor, format, arguments)));
	return result;
}

int rt_wrap_vdprintf(int descriptor, const char *format, va_list arguments)
{
	TELL_OUTPUT(vdprintf, rt_descriptor_output(self, &site, descriptor));
	return rt_real.vdprintf(descriptor, format, arguments);
}

int rt_wrap___printf_chk(int flag, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, OUTPUT(__printf_chk, RT_RELEASES_STREAM(stdout),
					  rt_real.__vprintf_chk(flag, format, arguments)));
	return result;
}

int rt_wrap___vprintf_chk(int flag, const char *format, va_list arguments)
{
	TELL_OUTPUT(__vprintf_chk, RT_RELEASES_STREAM(stdout));
	return rt_real.__vprintf_chk(flag, format, arguments);
}

int rt_wrap___fprintf_chk(FILE *file, int flag, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, OUTPUT(__fprintf_chk, RT_RELEASES_STREAM(file),
					  rt_real.__vfprintf_chk(file, flag, format, arguments)));
	return result;
}

int rt_wrap___vfprintf_chk(FILE *file, int flag, const char *format, va_list arguments)
{
	TELL_OUTPUT(__vfprintf_chk, RT_RELEASES_STREAM(file));
	return rt_real.__vfprintf_chk(file, flag, format, arguments);
}

int rt_wrap___dprintf_chk(int descriptor, int flag, const char *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, OUTPUT(__dprintf_chk, rt_descriptor_output(self, &site, descriptor),
					  rt_real.__vdprintf_chk(descriptor, flag, format, arguments)));
	return result;
}

int rt_wrap___vdprintf_chk(int descriptor, int flag, const char *format, va_list arguments)
{
	TELL_OUTPUT(__vdprintf_chk, rt_descriptor_output(self, &site, descriptor));
	return rt_real.__vdprintf_chk(descriptor, flag, format, arguments);
}

/* ---- to a wide stream ---- */

#define TELL_WIDE_OUTPUT(name, file)                                                                         \
	RT_TELL(name, {                                                                                      \
		rt_format_tell_wide(self, &site, format, arguments);                                         \
		RT_RELEASES_STREAM(file);                                                                    \
	})

#define WIDE_OUTPUT(name, file, call)                                                                        \
	do {                                                                                                 \
		TELL_WIDE_OUTPUT(name, file);                                                                \
		result = call;                                                                               \
	} while (0)

int rt_wrap_wprintf(const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, WIDE_OUTPUT(wprintf, stdout, rt_real.vwprintf(format, arguments)));
	return result;
}

int rt_wrap_vwprintf(const wchar_t *format, va_list arguments)
{
	TELL_WIDE_OUTPUT(vwprintf, stdout);
	return rt_real.vwprintf(format, arguments);
}

int rt_wrap_fwprintf(FILE *file, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format, WIDE_OUTPUT(fwprintf, file, rt_real.vfwprintf(file, format, arguments)));
	return result;
}

int rt_wrap_vfwprintf(FILE *file, const wchar_t *format, va_list arguments)
{
	TELL_WIDE_OUTPUT(vfwprintf, file);
	return rt_real.vfwprintf(file, format, arguments);
}

int rt_wrap___wprintf_chk(int flag, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(
		format, WIDE_OUTPUT(__wprintf_chk, stdout, rt_real.__vwprintf_chk(flag, format, arguments)));
	return result;
}

int rt_wrap___vwprintf_chk(int flag, const wchar_t *format, va_list arguments)
{
	TELL_WIDE_OUTPUT(__vwprintf_chk, stdout);
	return rt_real.__vwprintf_chk(flag, format, arguments);
}

int rt_wrap___fwprintf_chk(FILE *file, int flag, const wchar_t *format, ...)
{
	int result;
	RT_WITH_ARGUMENTS(format,
		WIDE_OUTPUT(__fwprintf_chk, file, rt_real.__vfwprintf_chk(file, flag, format, arguments)));
	return result;
}

int rt_wrap___vfwprintf_chk(FILE *file, int flag, const wchar_t *format, va_list arguments)
{
	TELL_WIDE_OUTPUT(__vfwprintf_chk, file);
	return rt_real.__vfwprintf_chk(file, flag, format, arguments);
}
