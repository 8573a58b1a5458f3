/* What formats of printf and of scanf have in common: characters, narrow or wide, the lengths of arguments and their list.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_FORMAT_TEXT_H
#define RACETRACK_INTERPOSE_FORMAT_TEXT_H

#include <limits.h>
#include "wrap.h"

/* Runs `call`, which stores an int in `result`, between the starting and the ending of `arguments`. */
#define RT_WITH_ARGUMENTS(last, call)                                                                        \
	do {                                                                                                 \
		va_list arguments;                                                                           \
		va_start(arguments, last);                                                                   \
		call;                                                                                        \
		va_end(arguments);                                                                           \
	} while (0)

/* One of the two is the format, and `at` the next character of it. */
struct rt_format_text {
	const char *narrow;
	const wchar_t *wide;
	size_t at;
};

enum rt_format_length {
	RT_FORMAT_NONE,
	RT_FORMAT_CHAR,
	RT_FORMAT_SHORT,
	RT_FORMAT_LONG,
	RT_FORMAT_LONG_LONG,
	RT_FORMAT_LONG_DOUBLE,
};

static inline int rt_format_peek(const struct rt_format_text *text)
{
	return text->narrow ? (unsigned char)text->narrow[text->at] : (int)text->wide[text->at];
}

static inline bool rt_format_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* Digits, if there are any, as a number that may be too large: INT_MAX. */
static inline int rt_format_take_digits(struct rt_format_text *text)
{
	int number = 0;
	for (; rt_format_is_digit(rt_format_peek(text)); text->at++) {
		int digit = rt_format_peek(text) - '0';
		number = number > (INT_MAX - digit) / 10 ? INT_MAX : number * 10 + digit;
	}
	return number;
}

static inline enum rt_format_length rt_format_take_length(struct rt_format_text *text)
{
	int c = rt_format_peek(text);
	enum rt_format_length length = RT_FORMAT_NONE;
	switch (c) {
	case 'h':
		length = RT_FORMAT_SHORT;
		break;
	case 'l':
	case 'j':
	case 'z':
	case 'Z':
	case 't':
		length = RT_FORMAT_LONG;
		break;
	case 'q':
		length = RT_FORMAT_LONG_LONG;
		break;
	case 'L':
		length = RT_FORMAT_LONG_DOUBLE;
		break;
	default:
		return RT_FORMAT_NONE;
	}
	text->at++;
	if (rt_format_peek(text) == c && (c == 'h' || c == 'l')) {
		text->at++;
		return c == 'h' ? RT_FORMAT_CHAR : RT_FORMAT_LONG_LONG;
	}
	return length;
}

/* Bytes of an integer of that length. */
static inline size_t rt_format_integer_bytes(enum rt_format_length length)
{
	static const size_t bytes[] = {
		[RT_FORMAT_NONE] = sizeof(int),
		[RT_FORMAT_CHAR] = sizeof(char),
		[RT_FORMAT_SHORT] = sizeof(short),
		[RT_FORMAT_LONG] = sizeof(long),
		[RT_FORMAT_LONG_LONG] = sizeof(long long),
		[RT_FORMAT_LONG_DOUBLE] = sizeof(long long),
	};
	return bytes[length];
}

#endif
