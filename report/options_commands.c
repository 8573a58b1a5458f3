/* Checking and listing the options of RACETRACK_OPTIONS, for run-tracked.sh and for the documentation. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "shadow/options.h"
#include "suppress.h"
#include "utf8.h"

static const struct option_text {
	const char *name, *type, *initial, *text;
} option_texts[] = {
#define RT_OPTION(name, type, initial, text) {#name, #type, initial, text},
#include "shadow/options.def"
#undef RT_OPTION
};
enum { OPTION_COUNT = sizeof(option_texts) / sizeof(option_texts[0]) };

static void print_error(void *context, const char *message)
{
	(void)context;
	fprintf(stderr, "racetrack: %s\n", report_text_clean(message));
}

int report_options_check(char **argv, size_t count)
{
	static struct rt_options options;
	bool right;
	if (count != 1) {
		fputs("racetrack-report: --check-options takes one word, as in RACETRACK_OPTIONS\n", stderr);
		return REPORT_EXIT_BAD_INPUT;
	}
	rt_options_init(&options);
	right = rt_options_parse(&options, argv[0], print_error, NULL);
	if (*options.suppressions) {
		struct report_suppressions suppressions = {0};
		right &= report_suppressions_read(&suppressions, options.suppressions, print_error, NULL);
	}
	return right ? REPORT_EXIT_CLEAN : REPORT_EXIT_BAD_INPUT;
}

/* Prints words from column `indent` on, breaking lines before column `width`. */
static void print_wrapped(const char *text, int indent, int width)
{
	int column = indent;
	while (*text) {
		int bytes = (int)strcspn(text, " ");
		if (column > indent && column + 1 + bytes > width) {
			printf("\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			putchar(' ');
			column++;
		}
		printf("%.*s", bytes, text);
		column += bytes;
		text += bytes;
		text += strspn(text, " ");
	}
	putchar('\n');
}

int report_options_list(char **argv, size_t count)
{
	(void)argv;
	(void)count;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		printf("  %s=%-*s ", option_texts[i].name, (int)(25 - strlen(option_texts[i].name)),
			option_texts[i].initial);
		print_wrapped(option_texts[i].text, 29, 100);
	}
	return REPORT_EXIT_CLEAN;
}

static const char *describe_type(const char *type)
{
	if (!strcmp(type, "BOOL"))
		return "yes or no";
	return strcmp(type, "INT") ? "text" : "number";
}

int report_options_document(char **argv, size_t count)
{
	(void)argv;
	(void)count;
	fputs("# Options\n\n"
	      "`RACETRACK_OPTIONS=name=value:name=value`, or `./run-tracked.sh --option name=value`. Spaces "
	      "separate "
	      "as well as\ncolons do; a value that holds either is quoted: `log_path='/tmp/a b'`. Yes or no "
	      "is 1/0, "
	      "yes/no, true/false or on/off;\na number is decimal or 0x... `run-tracked.sh` refuses a string "
	      "with a "
	      "mistake in it, the library says so in one line\nand uses the default.\n\n"
	      "This page is generated from `shadow/options.def`: `racetrack-report --list-options=markdown > "
	      "docs/options.md`.\n\n"
	      "| Option | Value | Default | What it does |\n|---|---|---|---|\n",
		stdout);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_text *option = &option_texts[i];
		printf("| `%s` | %s | ", option->name, describe_type(option->type));
		printf(*option->initial ? "`%s`" : "none%s", option->initial);
		printf(" | %s |\n", option->text);
	}
	return REPORT_EXIT_CLEAN;
}
