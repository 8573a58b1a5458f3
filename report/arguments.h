/* The command line: one table of flags, from which both the parser and --help come. */
#ifndef RACETRACK_REPORT_ARGUMENTS_H
#define RACETRACK_REPORT_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct report_arguments {
	const char *format, *output, *suppressions, *strip_path_prefix; /* NULL: not given */
	const char *ended, *text_fd, *text, *html;
	bool quiet_suppressions, exit_certain, remove;
	const char **rest; /* what is no flag */
	size_t rest_count;
};

/* Whom a flag serves. */
enum { REPORT_FLAG_BATCH = 1, REPORT_FLAG_FOLLOW = 2 };

/* Reads argv[0..count). `serves` is what the command accepts. False after one line on stderr. */
bool report_arguments_parse(struct report_arguments *arguments, unsigned serves, char **argv, size_t count);

/* The lines of --help for one of the flag sets. */
void report_arguments_help(FILE *out, unsigned serves);

#endif
