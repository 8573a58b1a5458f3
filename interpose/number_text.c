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

long rt_wrap_wcstol(const wchar_t *text, wchar_t **end, int base)
{
	NUMBER_BODY(wcstol, rt_real.wcstol(text, &stop, base));
}

unsigned long rt_wrap_wcstoul(const wchar_t *text, wchar_t **end, int base)
{
	NUMBER_BODY(wcstoul, rt_real.wcstoul(text, &stop, base));
}

long long rt_wrap_wcstoll(const wchar_t *text, wchar_t **end, int base)
{
	NUMBER_BODY(wcstoll, rt_real.wcstoll(text, &stop, base));
}

unsigned long long rt_wrap_wcstoull(const wchar_t *text, wchar_t **end, int base)
{
	NUMBER_BODY(wcstoull, rt_real.wcstoull(text, &stop, base));
}

double rt_wrap_wcstod(const wchar_t *text, wchar_t **end)
{
	NUMBER_BODY(wcstod, rt_real.wcstod(text, &stop));
}

float rt_wrap_wcstof(const wchar_t *text, wchar_t **end)
{
	NUMBER_BODY(wcstof, rt_real.wcstof(text, &stop));
}

long double rt_wrap_wcstold(const wchar_t *text, wchar_t **end)
{
	NUMBER_BODY(wcstold, rt_real.wcstold(text, &stop));
}

intmax_t rt_wrap_wcstoimax(const wchar_t *text, wchar_t **end, int base)
{
	NUMBER_BODY(wcstoimax, rt_real.wcstoimax(text, &stop, base));
}

uintmax_t rt_wrap_wcstoumax(const wchar_t *text, wchar_t **end, int base)
{
	NUMBER_BODY(wcstoumax, rt_real.wcstoumax(text, &stop, base));
}

intmax_t rt_wrap_strtoimax(const char *text, char **end, int base)
{
	NUMBER_BODY(strtoimax, rt_real.strtoimax(text, &stop, base));
}

uintmax_t rt_wrap_strtoumax(const char *text, char **end, int base)
{
	NUMBER_BODY(strtoumax, rt_real.strtoumax(text, &stop, base));
}

long long rt_wrap_strtoq(const char *text, char **end, int base)
{
	NUMBER_BODY(strtoq, rt_real.strtoq(text, &stop, base));
}

unsigned long long rt_wrap_strtouq(const char *text, char **end, int base)
{
	NUMBER_BODY(strtouq, rt_real.strtouq(text, &stop, base));
}

long rt_wrap_strtol_l(const char *text, char **end, int base, locale_t locale)
{
	NUMBER_BODY(strtol_l, rt_real.strtol_l(text, &stop, base, locale));
}

unsigned long rt_wrap_strtoul_l(const char *text, char **end, int base, locale_t locale)
{
	NUMBER_BODY(strtoul_l, rt_real.strtoul_l(text, &stop, base, locale));
}

long long rt_wrap_strtoll_l(const char *text, char **end, int base, locale_t locale)
{
	NUMBER_BODY(strtoll_l, rt_real.strtoll_l(text, &stop, base, locale));
}

unsigned long long rt_wrap_strtoull_l(const char *text, char **end, int base, locale_t locale)
{
	NUMBER_BODY(strtoull_l, rt_real.strtoull_l(text, &stop, base, locale));
}

double rt_wrap_strtod_l(const char *text, char **end, locale_t locale)
{
	NUMBER_BODY(strtod_l, rt_real.strtod_l(text, &stop, locale));
}

float rt_wrap_strtof_l(const char *text, char **end, locale_t locale)
{
	NUMBER_BODY(strtof_l, rt_real.strtof_l(text, &stop, locale));
}

long double rt_wrap_strtold_l(const char *text, char **end, locale_t locale)
{
	NUMBER_BODY(strtold_l, rt_real.strtold_l(text, &stop, locale));
}
