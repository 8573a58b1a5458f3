/* Numbers read from texts: wide ones, by locale, and by other names. */
#include "number_text.h"

#define READS_LOCALE(type, name)                                                                             \
	type rt_wrap_##name(const char *text, char **end, locale_t locale)                                   \
	{                                                                                                    \
		RT_NUMBER_BODY(type, name, rt_real.name(text, &stop, locale));                               \
	}
#define READS_BASE_LOCALE(type, name)                                                                        \
	type rt_wrap_##name(const char *text, char **end, int base, locale_t locale)                         \
	{                                                                                                    \
		RT_NUMBER_BODY(type, name, rt_real.name(text, &stop, base, locale));                         \
	}

RT_READS_NUMBER(double, wcstod, wchar_t)
RT_READS_NUMBER(float, wcstof, wchar_t)
RT_READS_NUMBER(long double, wcstold, wchar_t)
RT_READS_NUMBER_BASE(long, wcstol, wchar_t)
RT_READS_NUMBER_BASE(unsigned long, wcstoul, wchar_t)
RT_READS_NUMBER_BASE(long long, wcstoll, wchar_t)
RT_READS_NUMBER_BASE(unsigned long long, wcstoull, wchar_t)
RT_READS_NUMBER_BASE(intmax_t, wcstoimax, wchar_t)
RT_READS_NUMBER_BASE(uintmax_t, wcstoumax, wchar_t)

RT_READS_NUMBER_BASE(intmax_t, strtoimax, char)
RT_READS_NUMBER_BASE(uintmax_t, strtoumax, char)
RT_READS_NUMBER_BASE(long long, strtoq, char)
RT_READS_NUMBER_BASE(unsigned long long, strtouq, char)

READS_LOCALE(double, strtod_l)
READS_LOCALE(float, strtof_l)
READS_LOCALE(long double, strtold_l)
READS_BASE_LOCALE(long, strtol_l)
READS_BASE_LOCALE(unsigned long, strtoul_l)
READS_BASE_LOCALE(long long, strtoll_l)
READS_BASE_LOCALE(unsigned long long, strtoull_l)
