/* The report of record files that lie there. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments.h"
#include "commands.h"
#include "ends.h"
#include "formats.h"
#include "frames.h"
#include "output.h"
#include "reader.h"
#include "utf8.h"

static void print_error(const char *text)
{
	fprintf(stderr, "racetrack-report: %s\n", report_text_clean(text));
}

static void add_input_error(struct report *report, const char *name, const char *why)
{
	const char *line = report_arena_format("%s: %s", name, why);
	print_error(line);
	report_error_add(report, line);
}

static void read_file(struct report *report, const char *file)
{
	struct report_reader reader;
	if (report_reader_open(&reader, file)) {
		report_reader_advance(&reader);
		report_end_look(reader.process);
		report_process_add(report, reader.process);
		report_reader_close(&reader);
	}
	if (reader.wrong)
		add_input_error(report, file, reader.wrong);
}

static int is_record_file(const struct dirent *entry)
{
	size_t bytes = strlen(entry->d_name), suffix = strlen(RT_RECORD_SUFFIX);
	return bytes > suffix && !strcmp(entry->d_name + bytes - suffix, RT_RECORD_SUFFIX);
}

static void read_folder(struct report *report, const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_record_file, alphasort);
	if (count < 0) {
		add_input_error(report, folder, report_arena_format("cannot read it: %s", strerror(errno)));
		return;
	}
	if (!count)
		add_input_error(report, folder, "no record file (*" RT_RECORD_SUFFIX ") lies there");
	for (int i = 0; i < count; i++) {
		read_file(report, report_arena_format("%s/%s", folder, entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
}

static int compare_starts(const void *a, const void *b)
{
	const struct report_process *left = *(struct report_process *const *)a;
	const struct report_process *right = *(struct report_process *const *)b;
	if (left->start_ns != right->start_ns)
		return left->start_ns < right->start_ns ? -1 : 1;
	return strcmp(left->file, right->file);
}

static void read_inputs(struct report *report, const struct report_arguments *arguments)
{
	for (size_t i = 0; i < arguments->rest_count; i++) {
		struct stat status;
		if (!stat(arguments->rest[i], &status) && S_ISDIR(status.st_mode))
			read_folder(report, arguments->rest[i]);
		else
			read_file(report, arguments->rest[i]);
	}
	if (report->process_count)
		qsort(report->processes, report->process_count, sizeof(report->processes[0]), compare_starts);
	if (arguments->ended)
		report_end_tell(report, arguments->ended);
	for (size_t i = 0; i < report->process_count; i++)
		report_findings_take(report, report->processes[i], NULL, NULL);
	report_groups_sort(report);
}

static bool write_to_folder(
	const struct report_format *format, const char *folder, const struct report *report)
{
	const char *path = report_arena_format("%s/%s", folder, format->file_name);
	const char *failure = report_file_write(path, format, report);
	if (failure)
		print_error(failure);
	return !failure;
}

static bool write_to_stdout(const struct report_format *format, const struct report *report)
{
	format->write(stdout, report);
	if (fflush(stdout) || ferror(stdout)) {
		print_error(report_arena_format("cannot write the report: %s", strerror(errno)));
		return false;
	}
	return true;
}

static bool write_outputs(const struct report *report, const struct report_arguments *arguments)
{
	const char *at = arguments->format   ? arguments->format
			 : arguments->output ? "html,json,text"
					     : "text";
	const char *failure = arguments->output ? report_folder_make(arguments->output) : NULL;
	bool right = true;
	if (failure) {
		print_error(failure);
		return false;
	}
	while (*at) {
		size_t bytes = strcspn(at, ",");
		const struct report_format *format = report_format_find(at, bytes);
		right &= arguments->output ? write_to_folder(format, arguments->output, report)
					   : write_to_stdout(format, report);
		at += bytes + (at[bytes] == ',');
	}
	return right;
}

static bool check_formats(const struct report_arguments *arguments)
{
	const char *at = arguments->format ? arguments->format : "text";
	if (!arguments->output && strchr(at, ',')) {
		print_error("several formats need --output DIR");
		return false;
	}
	do {
		size_t bytes = strcspn(at, ",");
		if (!report_format_find(at, bytes)) {
			print_error(report_arena_format("'%.*s' is not a format; accepted: %s", (int)bytes,
				at, report_formats_list()));
			return false;
		}
		at += bytes;
	} while (*at++ == ',');
	return true;
}

static void print_suppression_error(void *context, const char *message)
{
	(void)context;
	print_error(message);
}

int report_batch_run(char **argv, size_t count)
{
	struct report_arguments arguments;
	static struct report report;
	if (!report_arguments_parse(&arguments, REPORT_FLAG_BATCH, argv, count) || !check_formats(&arguments))
		return REPORT_EXIT_BAD_INPUT;
	if (!arguments.rest_count) {
		print_error("no record file given; see racetrack-report --help");
		return REPORT_EXIT_BAD_INPUT;
	}
	if (arguments.ended && !report_end_tell(&report, arguments.ended)) {
		print_error(report_arena_format("--ended takes PID=STATUS, not '%s'", arguments.ended));
		return REPORT_EXIT_BAD_INPUT;
	}
	report.print_suppressions = !arguments.quiet_suppressions;
	if (arguments.suppressions && !report_suppressions_read(&report.suppressions, arguments.suppressions,
					      print_suppression_error, NULL))
		return REPORT_EXIT_BAD_INPUT;
	if (arguments.strip_path_prefix)
		report_frames_strip(arguments.strip_path_prefix);
	read_inputs(&report, &arguments);
	if (!write_outputs(&report, &arguments) || report.error_count)
		return REPORT_EXIT_BAD_INPUT;
	size_t failures = report_warnings_count(&report);
	if (arguments.exit_certain)
		failures -= report_inferred_count(&report);
	return failures ? REPORT_EXIT_FINDINGS : REPORT_EXIT_CLEAN;
}
