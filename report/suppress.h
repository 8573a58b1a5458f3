/* Suppressions in ThreadSanitizer's syntax: which findings are known and not to be reported. docs/suppressions.md is the
 * manual. */
#ifndef RACETRACK_REPORT_SUPPRESS_H
#define RACETRACK_REPORT_SUPPRESS_H

#include "model.h"

struct report_suppression {
	const char *type, *pattern;
	const char *program; /* whose own it is: its executable; NULL: of the file, for all */
	unsigned line;
	uint64_t matched; /* how many findings */
};

struct report_suppressions {
	const char *file; /* NULL: none */
	struct report_suppression *rows;
	size_t count, room;
};

/* Adds the rows of `file`. Calls `on_error` with one complete line (without the program's name) for every line that is
 * wrong, and for a file that can't be read; right lines are added all the same. True if there was no error. */
bool report_suppressions_read(struct report_suppressions *suppressions, const char *file,
	void (*on_error)(void *context, const char *message), void *context);

/* The same of what the process brought along, for all processes of its program; does nothing the second time. */
bool report_suppressions_take(struct report_suppressions *suppressions, struct report_process *process,
	void (*on_error)(void *context, const char *message), void *context);

/* The first row that covers the finding, with its count raised, or NULL. */
struct report_suppression *report_suppressions_match(
	struct report_suppressions *suppressions, const struct report_finding *finding);

/* ThreadSanitizer's matching: '*' stands for anything, a pattern may match anywhere in `text`, '^' at the front and '$' at
 * the end tie it to the ends. */
bool report_pattern_match(const char *pattern, const char *text);

#endif
