/* Reading the fields of a payload without ever leaving it.
 *
 * A read past the end yields 0 and an empty string, and sets `failed` for good: callers read on and ask once. */
#ifndef RACETRACK_REPORT_CURSOR_H
#define RACETRACK_REPORT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"

struct report_cursor {
	const unsigned char *at, *end;
	bool failed;
};

static inline const unsigned char *report_cursor_take(struct report_cursor *cursor, size_t bytes)
{
	const unsigned char *at = cursor->at;
	if (cursor->failed || (size_t)(cursor->end - at) < bytes) {
		cursor->failed = true;
		return NULL;
	}
	cursor->at += bytes;
	return at;
}

static inline uint64_t report_cursor_integer(struct report_cursor *cursor, size_t bytes)
{
	uint64_t value = 0;
	const unsigned char *at = report_cursor_take(cursor, bytes);
	if (at)
		memcpy(&value, at, bytes);
	return value;
}

static inline uint8_t report_cursor_u8(struct report_cursor *cursor)
{
	return (uint8_t)report_cursor_integer(cursor, 1);
}

static inline uint32_t report_cursor_u32(struct report_cursor *cursor)
{
	return (uint32_t)report_cursor_integer(cursor, 4);
}

static inline uint64_t report_cursor_u64(struct report_cursor *cursor)
{
	return report_cursor_integer(cursor, 8);
}

/* A count of things that take `least` bytes each, or more. A count that can't fit fails here, before any memory is taken
 * for it. */
static inline uint32_t report_cursor_count(struct report_cursor *cursor, size_t least)
{
	uint32_t count = report_cursor_u32(cursor);
	if (cursor->failed || count > (size_t)(cursor->end - cursor->at) / least) {
		cursor->failed = true;
		return 0;
	}
	return count;
}

/* A copy in the arena; a NUL inside becomes '?'. */
static inline const char *report_cursor_string(struct report_cursor *cursor)
{
	uint32_t bytes = report_cursor_u32(cursor);
	const unsigned char *at = report_cursor_take(cursor, bytes);
	char *copy;
	if (!at || !bytes)
		return "";
	copy = report_arena_copy((const char *)at, bytes);
	for (uint32_t i = 0; i < bytes; i++)
		if (!copy[i])
			copy[i] = '?';
	return copy;
}

/* Raw bytes as hexadecimal digits. */
static inline const char *report_cursor_hex(struct report_cursor *cursor)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t bytes = report_cursor_u32(cursor);
	const unsigned char *at = report_cursor_take(cursor, bytes);
	char *text;
	if (!at || !bytes)
		return "";
	text = report_arena_take((size_t)bytes * 2 + 1, 1);
	for (uint32_t i = 0; i < bytes; i++) {
		text[2 * i] = digits[at[i] >> 4];
		text[2 * i + 1] = digits[at[i] & 15];
	}
	return text;
}

#endif
