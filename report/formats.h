/* The list of output formats. A new one is a row in formats.c and a file with its writer.
 *
 * A writer prints the whole report to `out`, which may be a file or a pipe; it keeps no state and does not look at errors
 * of `out`, the caller does. */
#ifndef RACETRACK_REPORT_FORMATS_H
#define RACETRACK_REPORT_FORMATS_H

#include "report.h"

struct report_format {
	const char *name;      /* for --format */
	const char *file_name; /* in the folder of --output */
	void (*write)(FILE *out, const struct report *report);
};

extern const struct report_format report_formats[];
extern const size_t report_format_count;

/* NULL if there is none of that name; it need not end with a NUL. */
const struct report_format *report_format_find(const char *name, size_t bytes);

/* "html, json, text" */
const char *report_formats_list(void);

void report_text_write(FILE *out, const struct report *report);
void report_json_write(FILE *out, const struct report *report);
void report_html_write(FILE *out, const struct report *report);

/* The parts of the text format, for a report that grows. */
void report_text_group(FILE *out, const struct report_group *group);
void report_text_trailer(FILE *out, const struct report *report);

#endif
