/* The forms that values of options have. Only options.c includes it.
 *
 * No libc function is called: see options.h. */
#ifndef RACETRACK_SHADOW_OPTION_VALUES_H
#define RACETRACK_SHADOW_OPTION_VALUES_H

#include "base.h"

/* A piece of the text; not NUL-terminated. */
struct slice {
	const char *at;
	size_t bytes;
};

static inline struct slice slice_of(const char *text)
{
	return (struct slice){text, rt_string_bytes(text, SIZE_MAX)};
}

static inline bool slice_is(struct slice slice, const char *text)
{
	return rt_string_bytes(text, slice.bytes + 1) == slice.bytes &&
	       rt_bytes_equal(slice.at, text, slice.bytes);
}

/* From 0 to 100, with or without the sign. */
static inline bool is_percentage(struct slice slice)
{
	unsigned number = 0;
	if (slice.bytes && slice.at[slice.bytes - 1] == '%')
		slice.bytes--;
	for (size_t i = 0; i < slice.bytes; i++) {
		if (slice.at[i] < '0' || slice.at[i] > '9' || i > 2)
			return false;
		number = number * 10 + (unsigned)(slice.at[i] - '0');
	}
	return slice.bytes && number <= 100;
}

static inline bool slice_is_word(struct slice slice, const char *word)
{
	size_t stem = rt_string_bytes(word, SIZE_MAX) - 2;
	if (word[stem] != 'N' || word[stem + 1] != '%')
		return slice_is(slice, word);
	return slice.bytes > stem && rt_bytes_equal(slice.at, word, stem) &&
	       is_percentage((struct slice){slice.at + stem, slice.bytes - stem});
}

/* No item is empty, nor a module or function in it. */
static inline bool is_list(struct slice slice)
{
	char before = ',';
	for (size_t i = 0; i < slice.bytes; before = slice.at[i++])
		if ((slice.at[i] == ',' || slice.at[i] == ':') && (before == ',' || before == ':'))
			return false;
	return !slice.bytes || (before != ',' && before != ':');
}

static inline bool read_bool(struct slice value, bool *result)
{
	static const char *const words[] = {"0", "1", "no", "yes", "false", "true", "off", "on"};
	for (size_t i = 0; i < RT_COUNT(words); i++)
		if (slice_is(value, words[i])) {
			*result = i & 1;
			return true;
		}
	return false;
}

static inline bool read_int(struct slice value, int64_t *result)
{
	bool hex = value.bytes > 2 && value.at[0] == '0' && (value.at[1] | 0x20) == 'x';
	int64_t number = 0;
	if (!value.bytes)
		return false;
	for (size_t i = hex ? 2 : 0; i < value.bytes; i++) {
		int digit, letter = value.at[i] | 0x20;
		if (value.at[i] >= '0' && value.at[i] <= '9')
			digit = value.at[i] - '0';
		else if (hex && letter >= 'a' && letter <= 'f')
			digit = letter - 'a' + 10;
		else
			return false;
		if (number > (INT64_MAX - digit) / (hex ? 16 : 10))
			return false;
		number = number * (hex ? 16 : 10) + digit;
	}
	*result = number;
	return true;
}

#endif
