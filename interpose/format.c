/* The walk over a printf format and its arguments. */
#include "format.h"
#include "multibyte.h"
#include "span.h"

enum length { LENGTH_NONE, LENGTH_CHAR, LENGTH_SHORT, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_LONG_DOUBLE };

struct walk {
	struct rt_thread *self;
	struct rt_site *site;
	const char *narrow; /* one of the two is the format, */
	const wchar_t *wide;
	size_t at; /* and this is the next character of it */
	va_list arguments;
};

/* One conversion, after its '%'. */
struct conversion {
	enum length length;
	int precision; /* negative: none */
};

static int peek(const struct walk *walk)
{
	return walk->narrow ? (unsigned char)walk->narrow[walk->at] : (int)walk->wide[walk->at];
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_flag(int c)
{
	return c == '-' || c == '+' || c == ' ' || c == '#' || c == '0' || c == '\'' || c == 'I';
}

/* A number, or '*' and its argument; false for an argument's position. */
static bool take_number(struct walk *walk, int *number)
{
	bool star = peek(walk) == '*';
	*number = 0;
	if (star)
		walk->at++;
	while (is_digit(peek(walk))) {
		int digit = peek(walk) - '0';
		*number = *number > (INT_MAX - digit) / 10 ? INT_MAX : *number * 10 + digit;
		walk->at++;
		if (star)
			return false;
	}
	if (star)
		*number = va_arg(walk->arguments, int);
	return peek(walk) != '$';
}

static enum length take_length(struct walk *walk)
{
	int c = peek(walk);
	enum length length = LENGTH_NONE;
	switch (c) {
	case 'h':
		length = LENGTH_SHORT;
		break;
	case 'l':
	case 'j':
	case 'z':
	case 'Z':
	case 't':
		length = LENGTH_LONG;
		break;
	case 'q':
		length = LENGTH_LONG_LONG;
		break;
	case 'L':
		length = LENGTH_LONG_DOUBLE;
		break;
	default:
		return LENGTH_NONE;
	}
	walk->at++;
	if (peek(walk) == c && (c == 'h' || c == 'l')) {
		walk->at++;
		return c == 'h' ? LENGTH_CHAR : LENGTH_LONG_LONG;
	}
	return length;
}

static bool is_wide_length(enum length length)
{
	return length == LENGTH_LONG || length == LENGTH_LONG_LONG || length == LENGTH_LONG_DOUBLE;
}

/* A precision counts the characters of the result: bytes, or wide characters where the format is wide. */
static size_t count_string_bytes(const struct walk *walk, const char *text, int precision)
{
	if (precision < 0)
		return rt_span_string(text, SIZE_MAX);
	if (walk->narrow)
		return rt_span_string(text, (size_t)precision);
	return rt_multibyte_bytes(text, (size_t)precision);
}

static size_t count_wide_string_bytes(const struct walk *walk, const wchar_t *text, int precision)
{
	if (precision < 0)
		return rt_span_wide_string(text, SIZE_MAX);
	if (walk->wide)
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
	rt_access(walk->self, walk->site, text, bytes, RT_READ, RT_CLASS_DATA);
}

static void tell_count_target(struct walk *walk, enum length length)
{
	static const size_t bytes[] = {
		[LENGTH_NONE] = sizeof(int),
		[LENGTH_CHAR] = sizeof(char),
		[LENGTH_SHORT] = sizeof(short),
		[LENGTH_LONG] = sizeof(long),
		[LENGTH_LONG_LONG] = sizeof(long long),
		[LENGTH_LONG_DOUBLE] = sizeof(long long),
	};
	void *target = va_arg(walk->arguments, void *);
	if (target)
		rt_access(walk->self, walk->site, target, bytes[length], RT_WRITE, RT_CLASS_DATA);
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
		if (conversion->length == LENGTH_LONG_DOUBLE || conversion->length == LENGTH_LONG_LONG)
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
	while (is_flag(peek(walk)))
		walk->at++;
	if (!take_number(walk, &width))
		return false;
	if (peek(walk) == '.') {
		walk->at++;
		if (!take_number(walk, &conversion.precision))
			return false;
	}
	conversion.length = take_length(walk);
	int c = peek(walk);
	if (!c || !take_argument(walk, c, &conversion))
		return false;
	walk->at++;
	return true;
}

static void walk_format(struct walk *walk)
{
	for (int c; (c = peek(walk));) {
		walk->at++;
		if (c == '%' && !take_conversion(walk))
			return;
	}
}

void rt_format_tell(struct rt_thread *self, struct rt_site *site, const char *format, va_list arguments)
{
	struct walk walk = {.self = self, .site = site, .narrow = format};
	rt_access(self, site, format, rt_real.strlen(format) + 1, RT_READ, RT_CLASS_DATA);
	va_copy(walk.arguments, arguments);
	walk_format(&walk);
	va_end(walk.arguments);
}

void rt_format_tell_wide(
	struct rt_thread *self, struct rt_site *site, const wchar_t *format, va_list arguments)
{
	struct walk walk = {.self = self, .site = site, .wide = format};
	rt_access(self, site, format, rt_span_wide_string(format, SIZE_MAX), RT_READ, RT_CLASS_DATA);
	va_copy(walk.arguments, arguments);
	walk_format(&walk);
	va_end(walk.arguments);
}
