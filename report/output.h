/* Writing a report to a file so that a reader never sees half of one. */
#ifndef RACETRACK_REPORT_OUTPUT_H
#define RACETRACK_REPORT_OUTPUT_H

#include "formats.h"

/* Replaces `path` by the report. Returns NULL, or one line that says what failed. */
const char *report_file_write(
	const char *path, const struct report_format *format, const struct report *report);

/* Makes the folder and those above it. Returns NULL, or what failed. */
const char *report_folder_make(const char *path);

#endif
