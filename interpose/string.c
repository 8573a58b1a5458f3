/* The str* functions and their fortified forms. */
#include "number_text.h"
#include "shapes.h"
#include "span.h"
#include "wrap.h"

/* ---- measuring, copying, appending ---- */

size_t rt_wrap_strlen(const char *text)
{
	size_t length = rt_real.strlen(text);
	RT_TELL(strlen, RT_READS(text, length + 1));
	return length;
}

size_t rt_wrap_strnlen(const char *text, size_t most)
{
	size_t length = rt_real.strnlen(text, most);
	RT_TELL(strnlen, RT_READS(text, length < most ? length + 1 : most));
	return length;
}

#define TELL_COPY(name, to, from, most)                                                                      \
	RT_TELL(name, {                                                                                      \
		size_t span = rt_real.strlen(from) + 1;                                                      \
		RT_READS(from, span);                                                                        \
		RT_WRITES(to, span);                                                                         \
	})

RT_COPIES(strcpy, char, TELL_COPY)
RT_COPIES(stpcpy, char, TELL_COPY)
RT_COPIES_CHECKED(__strcpy_chk, char, TELL_COPY)
RT_COPIES_CHECKED(__stpcpy_chk, char, TELL_COPY)

/* Pads with NULs: all of `bytes` is written. */
#define TELL_COPY_PADDED(name, to, from, bytes)                                                              \
	RT_TELL(name, {                                                                                      \
		RT_READS(from, rt_span_string(from, bytes));                                                 \
		RT_WRITES(to, bytes);                                                                        \
	})

RT_COPIES_COUNT(strncpy, char, TELL_COPY_PADDED)
RT_COPIES_COUNT(stpncpy, char, TELL_COPY_PADDED)
RT_COPIES_COUNT_CHECKED(__strncpy_chk, char, TELL_COPY_PADDED)
RT_COPIES_COUNT_CHECKED(__stpncpy_chk, char, TELL_COPY_PADDED)

/* Appends at most `most` characters and a NUL, over the old one. */
#define TELL_APPEND(name, to, from, most)                                                                    \
	RT_TELL(name, {                                                                                      \
		size_t old = rt_real.strlen(to), more = rt_real.strnlen(from, most);                         \
		RT_READS(from, rt_span_string(from, most));                                                  \
		RT_READS(to, old + 1);                                                                       \
		RT_WRITES(to + old, more + 1);                                                               \
	})

RT_COPIES(strcat, char, TELL_APPEND)
RT_COPIES_CHECKED(__strcat_chk, char, TELL_APPEND)
RT_COPIES_COUNT(strncat, char, TELL_APPEND)
RT_COPIES_COUNT_CHECKED(__strncat_chk, char, TELL_APPEND)

size_t rt_wrap_strxfrm(char *to, const char *from, size_t room)
{
	size_t length = rt_real.strxfrm(to, from, room);
	RT_TELL(strxfrm, {
		RT_READS_STRING(from);
		RT_WRITES(to, length < room ? length + 1 : room);
	});
	return length;
}

size_t rt_wrap_strftime(char *to, size_t room, const char *format, const struct tm *time)
{
	size_t length = rt_real.strftime(to, room, format, time);
	RT_TELL(strftime, {
		RT_READS_STRING(format);
		RT_READS(time, sizeof(*time));
		RT_WRITES(to, length ? length + 1 : 0);
	});
	return length;
}

/* ---- comparing ---- */

#define TELL_COMPARE(name, a, b, most, fold)                                                                 \
	RT_TELL(name, {                                                                                      \
		size_t span = rt_span_string_difference(a, b, most, fold);                                   \
		RT_READS(a, span);                                                                           \
		RT_READS(b, span);                                                                           \
	})

RT_COMPARES(strcmp, char, TELL_COMPARE, false)
RT_COMPARES(strcasecmp, char, TELL_COMPARE, true)
RT_COMPARES(strverscmp, char, TELL_COMPARE, false)
RT_COMPARES_COUNT(strncmp, char, TELL_COMPARE, false)
RT_COMPARES_COUNT(strncasecmp, char, TELL_COMPARE, true)

int rt_wrap_strcasecmp_l(const char *a, const char *b, locale_t locale)
{
	TELL_COMPARE(strcasecmp_l, a, b, SIZE_MAX, true);
	return rt_real.strcasecmp_l(a, b, locale);
}

int rt_wrap_strncasecmp_l(const char *a, const char *b, size_t most, locale_t locale)
{
	TELL_COMPARE(strncasecmp_l, a, b, most, true);
	return rt_real.strncasecmp_l(a, b, most, locale);
}

#define TELL_TWO_STRINGS(name, a, b)                                                                         \
	RT_TELL(name, {                                                                                      \
		RT_READS_STRING(a);                                                                          \
		RT_READS_STRING(b);                                                                          \
	})

int rt_wrap_strcoll(const char *a, const char *b)
{
	TELL_TWO_STRINGS(strcoll, a, b);
	return rt_real.strcoll(a, b);
}

int rt_wrap_strcoll_l(const char *a, const char *b, locale_t locale)
{
	TELL_TWO_STRINGS(strcoll_l, a, b);
	return rt_real.strcoll_l(a, b, locale);
}

/* ---- searching ---- */

char *rt_wrap_strchr(const char *text, int c)
{
	char *found = rt_real.strchr(text, c);
	RT_TELL(strchr, RT_READS(text, found ? rt_span_to(text, found, 0) : rt_real.strlen(text) + 1));
	return found;
}

char *rt_wrap_index(const char *text, int c)
{
	char *found = rt_real.index(text, c);
	RT_TELL(index, RT_READS(text, found ? rt_span_to(text, found, 0) : rt_real.strlen(text) + 1));
	return found;
}

char *rt_wrap_strchrnul(const char *text, int c)
{
	char *found = rt_real.strchrnul(text, c);
	RT_TELL(strchrnul, RT_READS(text, rt_span_to(text, found, 0)));
	return found;
}

char *rt_wrap_strrchr(const char *text, int c)
{
	RT_TELL(strrchr, RT_READS_STRING(text));
	return rt_real.strrchr(text, c);
}

char *rt_wrap_rindex(const char *text, int c)
{
	RT_TELL(rindex, RT_READS_STRING(text));
	return rt_real.rindex(text, c);
}

char *rt_wrap_strstr(const char *text, const char *what)
{
	TELL_TWO_STRINGS(strstr, text, what);
	return rt_real.strstr(text, what);
}

char *rt_wrap_strcasestr(const char *text, const char *what)
{
	TELL_TWO_STRINGS(strcasestr, text, what);
	return rt_real.strcasestr(text, what);
}

size_t rt_wrap_strspn(const char *text, const char *set)
{
	size_t span = rt_real.strspn(text, set);
	RT_TELL(strspn, {
		RT_READS(text, span + 1);
		RT_READS_STRING(set);
	});
	return span;
}

size_t rt_wrap_strcspn(const char *text, const char *set)
{
	size_t span = rt_real.strcspn(text, set);
	RT_TELL(strcspn, {
		RT_READS(text, span + 1);
		RT_READS_STRING(set);
	});
	return span;
}

char *rt_wrap_strpbrk(const char *text, const char *set)
{
	char *found = rt_real.strpbrk(text, set);
	RT_TELL(strpbrk, {
		RT_READS(text, found ? rt_span_to(text, found, 0) : rt_real.strlen(text) + 1);
		RT_READS_STRING(set);
	});
	return found;
}

/* ---- cutting ---- */

char *rt_wrap_strsep(char **text, const char *set)
{
	RT_TELL(strsep, {
		RT_WRITES(text, sizeof(*text));
		if (*text)
			rt_token_tell(self, &site, *text, set, false);
	});
	return rt_real.strsep(text, set);
}

char *rt_wrap_strtok_r(char *text, const char *set, char **rest)
{
	RT_TELL(strtok_r, {
		char *from = text ? text : *rest;
		RT_WRITES(rest, sizeof(*rest));
		if (from)
			rt_token_tell(self, &site, from, set, true);
	});
	return rt_real.strtok_r(text, set, rest);
}

/* ---- numbers ---- */

RT_READS_NUMBER(double, strtod, char)
RT_READS_NUMBER(float, strtof, char)
RT_READS_NUMBER(long double, strtold, char)
RT_READS_NUMBER_BASE(long, strtol, char)
RT_READS_NUMBER_BASE(unsigned long, strtoul, char)
RT_READS_NUMBER_BASE(long long, strtoll, char)
RT_READS_NUMBER_BASE(unsigned long long, strtoull, char)

#define READS_ALONE(type, name, call)                                                                        \
	type rt_wrap_##name(const char *text)                                                                \
	{                                                                                                    \
		char **end = NULL;                                                                           \
		RT_NUMBER_BODY(type, name, call);                                                            \
	}

READS_ALONE(int, atoi, rt_real.strtol(text, &stop, 10))
READS_ALONE(long, atol, rt_real.strtol(text, &stop, 10))
READS_ALONE(long long, atoll, rt_real.strtoll(text, &stop, 10))
READS_ALONE(double, atof, rt_real.strtod(text, &stop))
