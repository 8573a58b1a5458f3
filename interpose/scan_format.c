/* The walk over a scanf format and its targets. How long a string became is read from it. */
#include "scan_format.h"

#include "format_text.h"
#include "multibyte.h"
#include "span.h"

struct walk {
	struct rt_thread *self;
	struct rt_site *site;
	struct rt_format_text text;
	va_list targets;
	int left;     /* conversions that were assigned and come later */
	bool certain; /* with none left: nothing that may have failed stands between the last one and here */
	enum rt_scan_a a;
};

/* One conversion, after its '%'. */
struct conversion {
	bool suppressed, allocates;
	int width; /* 0: none */
	enum rt_format_length length;
};

static void tell_write(struct walk *walk, const void *target, size_t bytes)
{
	if (target)
		rt_call_access(walk->self, walk->site, target, bytes, RT_WRITE);
}

static int peek(const struct walk *walk)
{
	return rt_format_peek(&walk->text);
}

static bool take(struct walk *walk, int c)
{
	if (peek(walk) != c)
		return false;
	walk->text.at++;
	return true;
}

/* The set of a '[', whose first character may be a ']'. */
static void skip_set(struct walk *walk)
{
	take(walk, '^');
	take(walk, ']');
	while (peek(walk) && peek(walk) != ']')
		walk->text.at++;
	take(walk, ']');
}

/* ---- what a conversion wrote ---- */

static size_t count_characters(const struct walk *walk, const void *at, int width, bool wide)
{
	size_t count = width ? (size_t)width : 1;
	if (wide)
		return count * sizeof(wchar_t);
	if (walk->text.narrow)
		return count;
	size_t bytes = rt_multibyte_bytes(at, count);
	return bytes ? bytes : 1;
}

static size_t count_string(const struct walk *walk, const void *at, int width, bool wide)
{
	size_t most = width ? (size_t)width + 1 : SIZE_MAX;
	if (wide)
		return rt_span_wide_string(at, most);
	return rt_span_string(at, walk->text.narrow ? most : SIZE_MAX);
}

/* For %c, %s and %[. */
static void tell_text(struct walk *walk, const struct conversion *conversion, bool is_string, bool wide)
{
	void *target = va_arg(walk->targets, void *);
	if (target && conversion->allocates) {
		tell_write(walk, target, sizeof(void *));
		target = *(void **)target;
	}
	if (target)
		tell_write(walk, target,
			is_string ? count_string(walk, target, conversion->width, wide)
				  : count_characters(walk, target, conversion->width, wide));
}

static size_t float_bytes(enum rt_format_length length)
{
	enum { X87_BYTES = 10 }; /* the rest of a long double is padding */
	if (length == RT_FORMAT_LONG_DOUBLE || length == RT_FORMAT_LONG_LONG)
		return X87_BYTES;
	return length == RT_FORMAT_LONG ? sizeof(double) : sizeof(float);
}

/* The target of the conversion that `c` names; false: not known. */
static bool take_target(struct walk *walk, int c, const struct conversion *conversion)
{
	bool wide = conversion->length == RT_FORMAT_LONG || conversion->length == RT_FORMAT_LONG_LONG;
	switch (c) {
	case 'd':
	case 'i':
	case 'o':
	case 'u':
	case 'x':
	case 'X':
		tell_write(walk, va_arg(walk->targets, void *), rt_format_integer_bytes(conversion->length));
		return true;
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
	case 'a':
	case 'A':
		tell_write(walk, va_arg(walk->targets, void *), float_bytes(conversion->length));
		return true;
	case 'p':
		tell_write(walk, va_arg(walk->targets, void *), sizeof(void *));
		return true;
	case 'c':
	case 'C':
		tell_text(walk, conversion, false, wide || c == 'C');
		return true;
	case 's':
	case 'S':
	case '[':
		tell_text(walk, conversion, true, wide || c == 'S');
		return true;
	default:
		return false;
	}
}

/* ---- the walk ---- */

/* %n counts nothing and is not counted. It was reached for certain, or it is not told. */
static void take_count(struct walk *walk, const struct conversion *conversion)
{
	if (conversion->suppressed)
		return;
	void *target = va_arg(walk->targets, void *);
	if (walk->left || walk->certain)
		tell_write(walk, target, rt_format_integer_bytes(conversion->length));
}

static bool is_flag(int c)
{
	return c == '*' || c == '\'' || c == 'I';
}

/* Between '%' and the conversion's letter; false for a target's position. */
static bool take_modifiers(struct walk *walk, struct conversion *conversion)
{
	for (; is_flag(peek(walk)); walk->text.at++)
		conversion->suppressed |= peek(walk) == '*';
	conversion->width = rt_format_take_digits(&walk->text);
	if (peek(walk) == '$')
		return false;
	conversion->allocates = take(walk, 'm');
	if (walk->a == RT_SCAN_A_ALLOCATES && take(walk, 'a')) {
		int next = peek(walk);
		conversion->allocates = next == 's' || next == 'S' || next == '[';
		walk->text.at -= !conversion->allocates;
	}
	conversion->length = rt_format_take_length(&walk->text);
	return true;
}

/* From after a '%' to after its conversion; false ends the walk. */
static bool take_conversion(struct walk *walk)
{
	struct conversion conversion = {0};
	if (!take_modifiers(walk, &conversion))
		return false;
	int c = peek(walk);
	if (!c)
		return false;
	walk->text.at++;
	if (c == 'n') {
		take_count(walk, &conversion);
		return true;
	}
	walk->certain = !conversion.suppressed && c != '%';
	if (walk->certain) {
		if (!walk->left || !take_target(walk, c, &conversion))
			return false;
		walk->left--;
	}
	if (c == '[')
		skip_set(walk);
	return true;
}

static bool is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void walk_format(struct walk *walk)
{
	for (int c; (c = peek(walk));) {
		walk->text.at++;
		if (c == '%') {
			if (!take_conversion(walk))
				return;
		} else if (!is_space(c)) {
			walk->certain = false;
		}
	}
}

static void start_walk(struct walk *walk, int assigned)
{
	int before = errno;
	walk->left = assigned > 0 ? assigned : 0;
	walk->certain = true;
	walk_format(walk);
	errno = before;
}

void rt_scan_tell(struct rt_thread *self, struct rt_site *site, const char *format, va_list targets,
	int assigned, enum rt_scan_a a)
{
	struct walk walk = {.self = self, .site = site, .text.narrow = format, .a = a};
	if (!format)
		return;
	va_copy(walk.targets, targets);
	start_walk(&walk, assigned);
	va_end(walk.targets);
}

void rt_scan_tell_wide(struct rt_thread *self, struct rt_site *site, const wchar_t *format, va_list targets,
	int assigned, enum rt_scan_a a)
{
	struct walk walk = {.self = self, .site = site, .text.wide = format, .a = a};
	if (!format)
		return;
	va_copy(walk.targets, targets);
	start_walk(&walk, assigned);
	va_end(walk.targets);
}
