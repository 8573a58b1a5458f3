/* The walk over a printf format and its arguments. */
#include "format.h"
#include "format_text.h"
#include "multibyte.h"
#include "span.h"

struct walk {
	struct rt_thread *self;
	struct rt_site *site;
	struct rt_format_text text;
	va_list arguments;
};

/* One conversion, after its '%'. */
struct conversion {
	enum rt_format_length length;
	int precision; /* negative: none */
};

static bool is_flag(int c)
{
	return c == '-' || c == '+' || c == ' ' || c == '#' || c == '0' || c == '\'' || c == 'I';
}

/* A number, or '*' and its argument; false for an argument's position. */
static bool take_number(struct walk *walk, int *number)
{
	bool star = rt_format_peek(&walk->text) == '*';
	if (star)
		walk->text.at++;
	size_t start = walk->text.at;
	*number = rt_format_take_digits(&walk->text);
	if (star && walk->text.at != start)
		return false;
	if (star)
		*number = va_arg(walk->arguments, int);
	return rt_format_peek(&walk->text) != '$';
}

static bool is_wide_length(enum rt_format_length length)
{
	return length == RT_FORMAT_LONG || length == RT_FORMAT_LONG_LONG || length == RT_FORMAT_LONG_DOUBLE;
}

/* A precision counts the characters of the result: bytes, or wide characters where the format is wide. */
static size_t count_string_bytes(const struct walk *walk, const char *text, int precision)
{
	if (precision < 0)
		return rt_span_string(text, SIZE_MAX);
	if (walk->text.narrow)
		return rt_span_string(text, (size_t)precision);
	return rt_multibyte_bytes(text, (size_t)precision);
}

static size_t count_wide_string_bytes(const struct walk *walk, const wchar_t *text, int precision)
{
	if (precision < 0)
		return rt_span_wide_string(text, SIZE_MAX);
	if (walk->text.wide)
		return rt_span_wide_string(text, (size_t)precision);
	return rt_multibyte_fitting(text, (size_t)precision) * sizeof(wchar_t);
}

static void tell_string(struct walk *walk, const struct conversion *conversion, bool wide)
{
	const void *text = va_arg(walk->arguments, const void *);
	if (!text)
		return;
	size_t bytes = wide ? count_wide_string_bytes(walk, text, conversion->precision)
			    : count_string_bytes(walk, text, conversion->precision);
	rt_call_access(walk->self, walk->site, text, bytes, RT_READ);
}

static void tell_count_target(struct walk *walk, enum rt_format_length length)
{
	void *target = va_arg(walk->arguments, void *);
	if (target)
		rt_call_access(walk->self, walk->site, target, rt_format_integer_bytes(length), RT_WRITE);
}

/* The argument of the conversion that `c` names; false: not known. */
static bool take_argument(struct walk *walk, int c, const struct conversion *conversion)
{
	switch (c) {
	case '%':
	case 'm':
		return true;
	case 'd':
	case 'i':
	case 'o':
	case 'u':
	case 'x':
	case 'X':
	case 'b':
	case 'B':
	case 'c':
	case 'C':
		if (c != 'c' && c != 'C' && is_wide_length(conversion->length))
			(void)va_arg(walk->arguments, long long);
		else
			(void)va_arg(walk->arguments, int);
		return true;
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
	case 'a':
	case 'A':
		if (conversion->length == RT_FORMAT_LONG_DOUBLE || conversion->length == RT_FORMAT_LONG_LONG)
			(void)va_arg(walk->arguments, long double);
		else
			(void)va_arg(walk->arguments, double);
		return true;
	case 'p':
		(void)va_arg(walk->arguments, void *);
		return true;
	case 's':
		tell_string(walk, conversion, is_wide_length(conversion->length));
		return true;
	case 'S':
		tell_string(walk, conversion, true);
		return true;
	case 'n':
		tell_count_target(walk, conversion->length);
		return true;
	default:
		return false;
	}
}

/* From after a '%' to after its conversion; false ends the walk. */
static bool take_conversion(struct walk *walk)
{
	struct conversion conversion = {.precision = -1};
	int width;
	while (is_flag(rt_format_peek(&walk->text)))
		walk->text.at++;
	if (!take_number(walk, &width))
		return false;
	if (rt_format_peek(&walk->text) == '.') {
		walk->text.at++;
		if (!take_number(walk, &conversion.precision))
			return false;
	}
	conversion.length = rt_format_take_length(&walk->text);
	int c = rt_format_peek(&walk->text);
	if (!c || !take_argument(walk, c, &conversion))
		return false;
	walk->text.at++;
	return true;
}

static void walk_format(struct walk *walk)
{
	for (int c; (c = rt_format_peek(&walk->text));) {
		walk->text.at++;
		if (c == '%' && !take_conversion(walk))
			return;
	}
}

void rt_format_tell(struct rt_thread *self, struct rt_site *site, const char *format, va_list arguments)
{
	struct walk walk = {.self = self, .site = site, .text.narrow = format};
	if (!format)
		return;
	rt_call_access(self, site, format, rt_real.strlen(format) + 1, RT_READ);
	va_copy(walk.arguments, arguments);
	walk_format(&walk);
	va_end(walk.arguments);
}

void rt_format_tell_wide(
	struct rt_thread *self, struct rt_site *site, const wchar_t *format, va_list arguments)
{
	struct walk walk = {.self = self, .site = site, .text.wide = format};
	if (!format)
		return;
	rt_call_access(self, site, format, rt_span_wide_string(format, SIZE_MAX), RT_READ);
	va_copy(walk.arguments, arguments);
	walk_format(&walk);
	va_end(walk.arguments);
}
