/* Coverage, counters, losses and suppressions at the end of the HTML page. See html.h. */
#include <inttypes.h>

#include "coverage.h"
#include "html.h"

static void put_sources(FILE *out, const struct report *report)
{
	struct report_source_row sources[REPORT_SOURCES];
	report_sources_list(report, sources);
	fputs("<h3>Where accesses came from</h3>\n<ul class=\"sources\">\n", out);
	for (size_t i = 0; i < REPORT_SOURCES; i++) {
		const struct report_source_row *source = &sources[i];
		fprintf(out, "<li class=\"%s\"><b>%s</b> ", source->watched ? "yes" : "no",
			source->watched ? "watched" : "not watched");
		report_html_text(out, source->text);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void put_losses(FILE *out, const struct report *report)
{
	size_t lines = 0;
	fputs("<h3>What was lost</h3>\n<ul>\n", out);
	for (size_t i = 0; i < report->error_count; i++, lines++) {
		fputs("<li>not read: ", out);
		report_html_text(out, report->errors[i]);
		fputs("</li>\n", out);
	}
	for (size_t i = 0; i < report->process_count; i++) {
		const struct report_process *process = report->processes[i];
		for (size_t j = 0; j < process->loss_count; j++, lines++) {
			fprintf(out, "<li>process %" PRIu32 ": ", process->pid);
			report_html_text(out, process->losses[j]);
			fputs("</li>\n", out);
		}
		if (process->dropped_records) {
			fprintf(out,
				"<li>process %" PRIu32 ": %" PRIu64
				" records that found the record file full</li>\n",
				process->pid, process->dropped_records);
			lines++;
		}
	}
	fputs(lines ? "</ul>\n" : "<li>nothing that the library knows of</li>\n</ul>\n", out);
}

static void put_counters(FILE *out, const struct report *report)
{
	const struct report_counter_row *row = report_counters_sum(report);
	if (!row)
		return;
	fputs("<details><summary>Counters</summary>\n<div class=\"wide\"><table><tbody>\n", out);
	for (; row; row = row->hh.next) {
		fputs("<tr><td><code>", out);
		report_html_text(out, row->name);
		fprintf(out, "</code></td><td class=\"num\">%" PRIu64 "</td></tr>\n", row->value);
	}
	fputs("</tbody></table></div></details>\n", out);
}

static void put_modules(FILE *out, const struct report *report)
{
	const struct report_module_row *row = report_modules_list(report);
	if (!row)
		return;
	fputs("<details><summary>Modules</summary>\n<div class=\"wide\"><table><thead><tr><th>file</th>"
	      "<th>build id</th><th>processes</th></tr></thead><tbody>\n",
		out);
	for (; row; row = row->hh.next) {
		fputs("<tr><td><code>", out);
		report_html_text(out, row->path);
		fputs("</code></td><td><code>", out);
		report_html_text(out, *row->build_id ? row->build_id : "none");
		fprintf(out, "</code></td><td class=\"num\">%" PRIu32 "</td></tr>\n", row->processes);
	}
	fputs("</tbody></table></div></details>\n", out);
}

/* The program's own are for all that use it. */
static bool is_unused(const struct report_suppression *row)
{
	return !row->matched && !row->program;
}

static void put_suppressions(FILE *out, const struct report *report)
{
	const struct report_suppressions *suppressions = &report->suppressions;
	size_t unused = 0;
	if (!suppressions->count || !report->print_suppressions)
		return;
	for (size_t i = 0; i < suppressions->count; i++)
		unused += is_unused(&suppressions->rows[i]);
	fprintf(out, "<details><summary>Suppressions (%zu", suppressions->count);
	if (unused)
		fprintf(out, ", of which %zu matched nothing", unused);
	fputs(")</summary>\n<div class=\"wide\"><table><thead><tr><th>line</th>"
	      "<th>suppression</th><th>matched</th></tr></thead><tbody>\n",
		out);
	for (size_t i = 0; i < suppressions->count; i++) {
		const struct report_suppression *row = &suppressions->rows[i];
		fprintf(out, "<tr><td class=\"num\">%u</td><td><code>", row->line);
		report_html_format(out, "%s:%s", row->type, row->pattern);
		fprintf(out, "</code></td><td class=\"num\">%" PRIu64 "%s</td></tr>\n", row->matched,
			is_unused(row) ? " (unused)" : "");
	}
	fputs("</tbody></table></div></details>\n", out);
}

void report_html_footer(FILE *out, const struct report *report)
{
	fputs("<footer>\n<h2>Coverage</h2>\n", out);
	put_sources(out, report);
	report_html_rewritten(out, report);
	put_losses(out, report);
	put_suppressions(out, report);
	put_counters(out, report);
	put_modules(out, report);
	fputs("</footer>\n", out);
}
