/* See arena.h. */
#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 256 * 1024 };

static char *arena_at;
static size_t arena_left;

void report_memory_fail(void)
{
	fputs("racetrack-report: out of memory\n", stderr);
	exit(2);
}

void *report_arena_take(size_t count, size_t bytes)
{
	size_t wanted;
	void *memory;
	if (__builtin_mul_overflow(count, bytes, &wanted) || wanted > SIZE_MAX - 16)
		report_memory_fail();
	wanted = (wanted + 15) & ~(size_t)15;
	if (wanted > BLOCK_BYTES / 4) {
		memory = calloc(1, wanted);
		if (!memory)
			report_memory_fail();
		return memory;
	}
	if (wanted > arena_left) {
		arena_at = calloc(1, BLOCK_BYTES);
		if (!arena_at)
			report_memory_fail();
		arena_left = BLOCK_BYTES;
	}
	memory = arena_at;
	arena_at += wanted;
	arena_left -= wanted;
	return memory;
}

char *report_arena_copy(const char *text, size_t bytes)
{
	char *copy = report_arena_take(bytes + 1, 1);
	memcpy(copy, text, bytes);
	return copy;
}

char *report_arena_format(const char *format, ...)
{
	va_list arguments, again;
	int bytes;
	char *text;
	va_start(arguments, format);
	va_copy(again, arguments);
	bytes = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	text = report_arena_take((size_t)(bytes < 0 ? 0 : bytes) + 1, 1);
	vsnprintf(text, (size_t)(bytes < 0 ? 0 : bytes) + 1, format, again);
	va_end(again);
	return text;
}

void *report_array_grow(void *array, size_t count, size_t *room, size_t bytes)
{
	if (count < *room)
		return array;
	*room = *room ? *room * 2 : 16;
	array = reallocarray(array, *room, bytes);
	if (!array)
		report_memory_fail();
	return array;
}
