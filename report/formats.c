/* See formats.h. */
#include "formats.h"

#include <string.h>

const struct report_format report_formats[] = {
	{"html", "report.html", report_html_write},
	{"json", "report.json", report_json_write},
	{"text", "report.txt", report_text_write},
};
const size_t report_format_count = sizeof(report_formats) / sizeof(report_formats[0]);

const struct report_format *report_format_find(const char *name, size_t bytes)
{
	for (size_t i = 0; i < report_format_count; i++)
		if (strlen(report_formats[i].name) == bytes && !memcmp(report_formats[i].name, name, bytes))
			return &report_formats[i];
	return NULL;
}

const char *report_formats_list(void)
{
	const char *list = "";
	for (size_t i = 0; i < report_format_count; i++)
		list = report_arena_format("%s%s%s", list, i ? ", " : "", report_formats[i].name);
	return list;
}
