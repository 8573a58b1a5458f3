/* Memory that lives as long as the program: everything a report is made of. Nothing is freed one by one.
 *
 * Who may include it: all of report/. Running out of memory ends the program with one line and status 2.
 * Not thread-safe; the program has one thread. */
#ifndef RACETRACK_REPORT_ARENA_H
#define RACETRACK_REPORT_ARENA_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed memory for `count` items of `bytes`; count may be 0. */
void *report_arena_take(size_t count, size_t bytes);

/* A copy with a NUL at its end. */
char *report_arena_copy(const char *text, size_t bytes);

char *report_arena_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Makes room for one more item in an array that came from malloc, or is NULL. */
void *report_array_grow(void *array, size_t count, size_t *room, size_t bytes);

_Noreturn void report_memory_fail(void);

#endif
