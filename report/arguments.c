/* See arguments.h. */
#include "arguments.h"

#include <string.h>

#include "arena.h"
#include "utf8.h"

static const struct flag {
	const char *name;
	const char *value; /* what its value is called; NULL: it has none */
	unsigned serves;
	size_t offset;
	const char *text;
} flags[] = {
#define FIELD(name) offsetof(struct report_arguments, name)
	{"--format", "LIST", REPORT_FLAG_BATCH, FIELD(format),
		"formats, separated by commas: html, json, text (default: text, or with --output all)"},
	{"--output", "DIR", REPORT_FLAG_BATCH, FIELD(output),
		"write report.html, report.json, report.txt there; without it one format goes to stdout"},
	{"--suppressions", "FILE", REPORT_FLAG_BATCH | REPORT_FLAG_FOLLOW, FIELD(suppressions),
		"leave out what this file covers, one type:pattern a line"},
	{"--quiet-suppressions", NULL, REPORT_FLAG_BATCH | REPORT_FLAG_FOLLOW, FIELD(quiet_suppressions),
		"do not list the suppressions that matched and those that did not"},
	{"--strip-path-prefix", "P", REPORT_FLAG_BATCH | REPORT_FLAG_FOLLOW, FIELD(strip_path_prefix),
		"cut P off source paths"},
	{"--exit-certain", NULL, REPORT_FLAG_BATCH, FIELD(exit_certain),
		"status 66 only for findings that are more than inferred"},
	{"--ended", "PID=STATUS", REPORT_FLAG_BATCH, FIELD(ended),
		"how this process ended, by the one who waited for it: 128+N after signal N"},
	{"--text-fd", "N", REPORT_FLAG_FOLLOW, FIELD(text_fd),
		"write the text to this descriptor (default 2)"},
	{"--text", "PATH", REPORT_FLAG_FOLLOW, FIELD(text), "append the text to this file"},
	{"--html", "PATH", REPORT_FLAG_FOLLOW, FIELD(html), "write the page there when the process ends"},
	{"--remove", NULL, REPORT_FLAG_FOLLOW, FIELD(remove), "remove FILE once everything is reported"},
#undef FIELD
};
enum { FLAG_COUNT = sizeof(flags) / sizeof(flags[0]) };

/* The flag that `argument` is, with *value behind its '=' or NULL. */
static const struct flag *find_flag(const char *argument, unsigned serves, const char **value)
{
	size_t bytes = strcspn(argument, "=");
	for (size_t i = 0; i < FLAG_COUNT; i++)
		if (flags[i].serves & serves && strlen(flags[i].name) == bytes &&
			!memcmp(flags[i].name, argument, bytes)) {
			*value = argument[bytes] ? argument + bytes + 1 : NULL;
			return &flags[i];
		}
	return NULL;
}

static bool refuse(const char *argument, const char *why)
{
	fprintf(stderr, "racetrack-report: '%s' %s; see racetrack-report --help\n",
		report_text_clean(argument), why);
	return false;
}

bool report_arguments_parse(struct report_arguments *arguments, unsigned serves, char **argv, size_t count)
{
	bool flags_end = false;
	memset(arguments, 0, sizeof(*arguments));
	arguments->rest = report_arena_take(count, sizeof(arguments->rest[0]));
	for (size_t i = 0; i < count; i++) {
		const char *value;
		const struct flag *flag;
		if (flags_end || argv[i][0] != '-' || !argv[i][1]) {
			arguments->rest[arguments->rest_count++] = argv[i];
			continue;
		}
		if (!strcmp(argv[i], "--")) {
			flags_end = true;
			continue;
		}
		flag = find_flag(argv[i], serves, &value);
		if (!flag)
			return refuse(argv[i], "is not known here");
		if (!flag->value) {
			if (value)
				return refuse(argv[i], "takes no value");
			*(bool *)((char *)arguments + flag->offset) = true;
			continue;
		}
		if (!value && i + 1 < count)
			value = argv[++i];
		if (!value)
			return refuse(argv[i], "needs a value");
		*(const char **)((char *)arguments + flag->offset) = value;
	}
	return true;
}

void report_arguments_help(FILE *out, unsigned serves)
{
	for (size_t i = 0; i < FLAG_COUNT; i++)
		if (flags[i].serves & serves)
			fprintf(out, "  %s%s%-*s %s\n", flags[i].name, flags[i].value ? " " : "",
				(int)(26 - strlen(flags[i].name) - (flags[i].value ? 1 : 0)),
				flags[i].value ? flags[i].value : "", flags[i].text);
}
