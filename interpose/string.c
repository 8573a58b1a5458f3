/* The str* functions and their fortified forms. */
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

#define TELL_COPY(name, to, from)                                                                            \
	RT_TELL(name, {                                                                                      \
		size_t span = rt_real.strlen(from) + 1;                                                      \
		RT_READS(from, span);                                                                        \
		RT_WRITES(to, span);                                                                         \
	})

char *rt_wrap_strcpy(char *to, const char *from)
{
	TELL_COPY(strcpy, to, from);
	return rt_real.strcpy(to, from);
}

char *rt_wrap___strcpy_chk(char *to, const char *from, size_t room)
{
	TELL_COPY(__strcpy_chk, to, from);
	return rt_real.__strcpy_chk(to, from, room);
}

char *rt_wrap_stpcpy(char *to, const char *from)
{
	TELL_COPY(stpcpy, to, from);
	return rt_real.stpcpy(to, from);
}

char *rt_wrap___stpcpy_chk(char *to, const char *from, size_t room)
{
	TELL_COPY(__stpcpy_chk, to, from);
	return rt_real.__stpcpy_chk(to, from, room);
}

/* Pads with NULs: all of `bytes` is written. */
#define TELL_COPY_PADDED(name, to, from, bytes)                                                              \
	RT_TELL(name, {                                                                                      \
		RT_READS(from, rt_span_string(from, bytes));                                                 \
		RT_WRITES(to, bytes);                                                                        \
	})

char *rt_wrap_strncpy(char *to, const char *from, size_t bytes)
{
	TELL_COPY_PADDED(strncpy, to, from, bytes);
	return rt_real.strncpy(to, from, bytes);
}

char *rt_wrap___strncpy_chk(char *to, const char *from, size_t bytes, size_t room)
{
	TELL_COPY_PADDED(__strncpy_chk, to, from, bytes);
	return rt_real.__strncpy_chk(to, from, bytes, room);
}

char *rt_wrap_stpncpy(char *to, const char *from, size_t bytes)
{
	TELL_COPY_PADDED(stpncpy, to, from, bytes);
	return rt_real.stpncpy(to, from, bytes);
}

char *rt_wrap___stpncpy_chk(char *to, const char *from, size_t bytes, size_t room)
{
	TELL_COPY_PADDED(__stpncpy_chk, to, from, bytes);
	return rt_real.__stpncpy_chk(to, from, bytes, room);
}

/* Appends at most `most` characters and a NUL, over the old one. */
#define TELL_APPEND(name, to, from, most)                                                                    \
	RT_TELL(name, {                                                                                      \
		size_t old = rt_real.strlen(to), more = rt_real.strnlen(from, most);                         \
		RT_READS(from, rt_span_string(from, most));                                                  \
		RT_READS(to, old + 1);                                                                       \
		RT_WRITES(to + old, more + 1);                                                               \
	})

char *rt_wrap_strcat(char *to, const char *from)
{
	TELL_APPEND(strcat, to, from, SIZE_MAX);
	return rt_real.strcat(to, from);
}

char *rt_wrap___strcat_chk(char *to, const char *from, size_t room)
{
	TELL_APPEND(__strcat_chk, to, from, SIZE_MAX);
	return rt_real.__strcat_chk(to, from, room);
}

char *rt_wrap_strncat(char *to, const char *from, size_t most)
{
	TELL_APPEND(strncat, to, from, most);
	return rt_real.strncat(to, from, most);
}

char *rt_wrap___strncat_chk(char *to, const char *from, size_t most, size_t room)
{
	TELL_APPEND(__strncat_chk, to, from, most);
	return rt_real.__strncat_chk(to, from, most, room);
}

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

int rt_wrap_strcmp(const char *a, const char *b)
{
	TELL_COMPARE(strcmp, a, b, SIZE_MAX, false);
	return rt_real.strcmp(a, b);
}

int rt_wrap_strncmp(const char *a, const char *b, size_t most)
{
	TELL_COMPARE(strncmp, a, b, most, false);
	return rt_real.strncmp(a, b, most);
}

int rt_wrap_strcasecmp(const char *a, const char *b)
{
	TELL_COMPARE(strcasecmp, a, b, SIZE_MAX, true);
	return rt_real.strcasecmp(a, b);
}

int rt_wrap_strncasecmp(const char *a, const char *b, size_t most)
{
	TELL_COMPARE(strncasecmp, a, b, most, true);
	return rt_real.strncasecmp(a, b, most);
}

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

int rt_wrap_strverscmp(const char *a, const char *b)
{
	TELL_COMPARE(strverscmp, a, b, SIZE_MAX, false);
	return rt_real.strverscmp(a, b);
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

/* Reads the number and the byte that ends it. `stop` stays NULL where the real function refuses and stores no end. */
#define NUMBER_BODY(type, name, call, end)                                                                   \
	char *stop = NULL, **end_pointer = end;                                                              \
	type number = (type)call;                                                                            \
	if (!stop)                                                                                           \
		return number;                                                                               \
	RT_TELL(name, {                                                                                      \
		RT_READS(text, (size_t)(stop - text) + 1);                                                   \
		if (end_pointer)                                                                             \
			RT_WRITES(end_pointer, sizeof(*end_pointer));                                        \
	});                                                                                                  \
	if (end_pointer)                                                                                     \
		*end_pointer = stop;                                                                         \
	return number

long rt_wrap_strtol(const char *text, char **end, int base)
{
	NUMBER_BODY(long, strtol, rt_real.strtol(text, &stop, base), end);
}

unsigned long rt_wrap_strtoul(const char *text, char **end, int base)
{
	NUMBER_BODY(unsigned long, strtoul, rt_real.strtoul(text, &stop, base), end);
}

long long rt_wrap_strtoll(const char *text, char **end, int base)
{
	NUMBER_BODY(long long, strtoll, rt_real.strtoll(text, &stop, base), end);
}

unsigned long long rt_wrap_strtoull(const char *text, char **end, int base)
{
	NUMBER_BODY(unsigned long long, strtoull, rt_real.strtoull(text, &stop, base), end);
}

double rt_wrap_strtod(const char *text, char **end)
{
	NUMBER_BODY(double, strtod, rt_real.strtod(text, &stop), end);
}

float rt_wrap_strtof(const char *text, char **end)
{
	NUMBER_BODY(float, strtof, rt_real.strtof(text, &stop), end);
}

long double rt_wrap_strtold(const char *text, char **end)
{
	NUMBER_BODY(long double, strtold, rt_real.strtold(text, &stop), end);
}

int rt_wrap_atoi(const char *text)
{
	NUMBER_BODY(int, atoi, rt_real.strtol(text, &stop, 10), NULL);
}

long rt_wrap_atol(const char *text)
{
	NUMBER_BODY(long, atol, rt_real.strtol(text, &stop, 10), NULL);
}

long long rt_wrap_atoll(const char *text)
{
	NUMBER_BODY(long long, atoll, rt_real.strtoll(text, &stop, 10), NULL);
}

double rt_wrap_atof(const char *text)
{
	NUMBER_BODY(double, atof, rt_real.strtod(text, &stop), NULL);
}
