/* Numbers read from texts: wide ones, by locale, and by other names. */
#include "result.h"
#include "span.h"

/* Reads the number and the character that ends it. `stop` stays NULL where the real function refuses and stores no end. */
#define NUMBER_BODY(name, call)                                                                              \
	__typeof__(*end) stop = NULL;                                                                        \
	__auto_type number = call;                                                                           \
	if (!stop)                                                                                           \
		return number;                                                                               \
	RT_TELL(name, {                                                                                      \
		RT_READS(text, (size_t)(stop - text + 1) * sizeof(*text));                                   \
		RT_WRITES_VALUE(end);                                                                        \
	});                                                                                                  \
	if (end)                                                                                             \
		*end = stop;                                                                                 \
	return number

#define READS(type, name, character)                                                                         \
	type rt_wrap_##name(const character *text, character **end)                                          \
	{                                                                                                    \
		NUMBER_BODY(name, rt_real.name(text, &stop));                                                \
	}
#define READS_BASE(type, name, character)                                                                    \
	type rt_wrap_##name(const character *text, character **end, int base)                                \
	{                                                                                                    \
		NUMBER_BODY(name, rt_real.name(text, &stop, base));                                          \
	}
#define READS_LOCALE(type, name)                                                                             \
	type rt_wrap_##name(const char *text, char **end, locale_t locale)                                   \
	{                                                                                                    \
		NUMBER_BODY(name, rt_real.name(text, &stop, locale));                                        \
	}
#define READS_BASE_LOCALE(type, name)                                                                        \
	type rt_wrap_##name(const char *text, char **end, int base, locale_t locale)                         \
	{                                                                                                    \
		NUMBER_BODY(name, rt_real.name(text, &stop, base, locale));                                  \
	}

READS(double, wcstod, wchar_t)
READS(float, wcstof, wchar_t)
READS(long double, wcstold, wchar_t)
READS_BASE(long, wcstol, wchar_t)
READS_BASE(unsigned long, wcstoul, wchar_t)
READS_BASE(long long, wcstoll, wchar_t)
READS_BASE(unsigned long long, wcstoull, wchar_t)
READS_BASE(intmax_t, wcstoimax, wchar_t)
READS_BASE(uintmax_t, wcstoumax, wchar_t)

READS_BASE(intmax_t, strtoimax, char)
READS_BASE(uintmax_t, strtoumax, char)
READS_BASE(long long, strtoq, char)
READS_BASE(unsigned long long, strtouq, char)

READS_LOCALE(double, strtod_l)
READS_LOCALE(float, strtof_l)
READS_LOCALE(long double, strtold_l)
READS_BASE_LOCALE(long, strtol_l)
READS_BASE_LOCALE(unsigned long, strtoul_l)
READS_BASE_LOCALE(long long, strtoll_l)
READS_BASE_LOCALE(unsigned long long, strtoull_l)
