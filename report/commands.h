/* What racetrack-report can be asked to do. Each returns the program's exit status. */
#ifndef RACETRACK_REPORT_COMMANDS_H
#define RACETRACK_REPORT_COMMANDS_H

#include <stddef.h>

enum {
	REPORT_EXIT_CLEAN = 0,
	REPORT_EXIT_BAD_INPUT = 2, /* or bad usage */
	REPORT_EXIT_NOT_TRACKABLE = 3,
	REPORT_EXIT_FINDINGS = 66,
};

/* `argv[0..count)` are the words behind the command's own. */
int report_batch_run(char **argv, size_t count);
int report_follow_run(char **argv, size_t count);
int report_options_check(char **argv, size_t count);
int report_options_list(char **argv, size_t count);
int report_options_document(char **argv, size_t count);
int report_program_check(char **argv, size_t count);
int report_atomics_run(char **argv, size_t count);

#endif
