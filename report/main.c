/* racetrack-report: the commands and --help. */
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "commands.h"
#include "shadow/record_format.h"

static int print_help(char **argv, size_t count);
static int print_version(char **argv, size_t count);

static const struct command {
	const char *name;
	const char *value; /* what stands behind it */
	int (*run)(char **argv, size_t count);
	const char *text;
} commands[] = {
	{"--follow", "FILE", report_follow_run, "report what a running process finds, until it ends"},
	{"--check-options", "TEXT", report_options_check, "check an options string, status 2 if it is wrong"},
	{"--list-options", "", report_options_list, "list the options"},
	{"--list-options=markdown", "", report_options_document, "print docs/options.md"},
	{"--check-program", "PATH", report_program_check,
		"say whether a program can be tracked, status 3 if not"},
	{"--atomics", "FILE ID...", report_atomics_run,
		"list the atomic variables of files with debug information: the file's number, address, "
		"bytes, distance and count"},
	{"--help", "", print_help, "print this"},
	{"--version", "", print_version, "print the version of the record format"},
};
enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static int print_help(char **argv, size_t count)
{
	(void)argv;
	(void)count;
	printf("usage: racetrack-report [flags] FILE|DIR...\n"
	       "       racetrack-report COMMAND\n\n"
	       "Reports what record files (*" RT_RECORD_SUFFIX ") say; of a DIR, all that lie in it.\n"
	       "Status: 0 no findings (notes do not count), 66 findings, 2 bad input or usage.\n\nflags:\n");
	report_arguments_help(stdout, REPORT_FLAG_BATCH);
	printf("\ncommands:\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %s %-*s %s\n", commands[i].name, (int)(25 - strlen(commands[i].name)),
			commands[i].value, commands[i].text);
	printf("\nflags of --follow:\n");
	report_arguments_help(stdout, REPORT_FLAG_FOLLOW);
	return REPORT_EXIT_CLEAN;
}

static int print_version(char **argv, size_t count)
{
	(void)argv;
	(void)count;
	printf("racetrack-report, record format %u\n", RT_RECORD_VERSION);
	return REPORT_EXIT_CLEAN;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("racetrack-report: no record file given; see racetrack-report --help\n", stderr);
		return REPORT_EXIT_BAD_INPUT;
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argv + 2, (size_t)argc - 2);
	return report_batch_run(argv + 1, (size_t)argc - 1);
}
