/* The HTML page around the findings. See html.h. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "coverage.h"
#include "ends.h"
#include "formats.h"
#include "frames.h"
#include "html.h"
#include "rules.h"
#include "words.h"

/* Of findings: a browser still scrolls through ten megabytes. */
enum { MOST_SHOWN = 32, MOST_FINDINGS = 1000 };

static size_t count_shown(const struct report *report)
{
	return report->group_count < MOST_FINDINGS ? report->group_count : MOST_FINDINGS;
}

static size_t count_certainty(const struct report *report, uint8_t certainty)
{
	size_t count = 0;
	for (size_t i = 0; i < report->group_count; i++)
		count += report->groups[i]->finding->certainty == certainty;
	return count;
}

static void put_time(FILE *out, uint64_t start_ns)
{
	time_t seconds = (time_t)(start_ns / 1000000000);
	struct tm parts;
	char text[64];
	if (gmtime_r(&seconds, &parts) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &parts))
		fputs(text, out);
}

static void put_process(FILE *out, const struct report_process *process)
{
	fprintf(out, "<tr><td class=\"num\">%" PRIu32 "</td><td><code>", process->pid);
	report_html_text(out, *process->command ? process->command : process->executable);
	fputs("</code></td><td>", out);
	put_time(out, process->start_ns);
	fputs("</td><td>", out);
	report_html_text(out, report_end_words(process));
	fprintf(out, "</td><td class=\"num\">%zu</td></tr>\n", process->finding_count);
}

static void put_processes(FILE *out, const struct report *report)
{
	size_t shown = report->process_count < MOST_SHOWN ? report->process_count : MOST_SHOWN;
	fputs("<div class=\"wide\"><table><thead><tr><th>pid</th><th>command</th><th>started</th><th>end</th>"
	      "<th>findings</th></tr></thead><tbody>\n",
		out);
	for (size_t i = 0; i < shown; i++)
		put_process(out, report->processes[i]);
	fputs("</tbody></table></div>\n", out);
	if (shown < report->process_count)
		fprintf(out, "<p class=\"none\">and %zu more processes</p>\n", report->process_count - shown);
}

static void put_head(FILE *out, const struct report *report)
{
	const char *program =
		report->process_count ? report_path_base(report->processes[0]->executable) : "no program";
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
		out);
	report_html_format(out, "racetrack: %zu finding%s in %s", report->group_count,
		report->group_count == 1 ? "" : "s", program);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", report_html_style);
	fputs("<header class=\"page\">\n<p class=\"brand\">racetrack</p>\n<h1>", out);
	report_html_text(out, program);
	fputs("</h1>\n<p class=\"counts\">", out);
	for (uint8_t certainty = RT_CERTAIN; certainty <= RT_NOTE; certainty++) {
		const char *word = report_certainty_word(certainty);
		size_t count = count_certainty(report, certainty);
		fprintf(out, "<span class=\"count %s%s\"><b>%zu</b> %s%s</span>\n", word,
			count ? "" : " zero", count, word, certainty == RT_NOTE && count != 1 ? "s" : "");
	}
	if (report->suppressed)
		fprintf(out, "<span class=\"count zero\"><b>%" PRIu64 "</b> suppressed</span>\n",
			report->suppressed);
	fputs("</p>\n", out);
	put_processes(out, report);
	fputs("</header>\n", out);
}

static void put_filter(FILE *out, const struct report *report)
{
	size_t shown = count_shown(report);
	fputs("<p class=\"filter\"><button type=\"button\" data-rule=\"\" aria-pressed=\"true\">all</button>",
		out);
	for (size_t i = 0; i < shown; i++) {
		const char *rule = report->groups[i]->finding->rule;
		size_t count = 0;
		bool first = true;
		for (size_t j = 0; j < shown && first; j++)
			if (!strcmp(report->groups[j]->finding->rule, rule)) {
				first = j >= i;
				break;
			}
		if (!first)
			continue;
		for (size_t j = i; j < shown; j++)
			count += !strcmp(report->groups[j]->finding->rule, rule);
		fputs(" <button type=\"button\" aria-pressed=\"false\" data-rule=\"", out);
		report_html_text(out, rule);
		fputs("\">", out);
		report_html_format(out, "%s %zu", rule, count);
		fputs("</button>", out);
	}
	fputs("</p>\n", out);
}

static const struct report_frame *find_top(const struct report_finding *finding)
{
	const struct report_frame *top = NULL;
	for (uint32_t i = 0; i < finding->party_count && !top; i++)
		top = report_frames_get(finding->process, finding->parties[i].stack)->top;
	return top;
}

static void put_contents(FILE *out, const struct report *report)
{
	fputs("<nav aria-label=\"findings\">\n<h2>Findings</h2>\n", out);
	put_filter(out, report);
	fputs("<ol>\n", out);
	for (size_t i = 0; i < count_shown(report); i++) {
		const struct report_finding *finding = report->groups[i]->finding;
		const struct report_frame *top = find_top(finding);
		fprintf(out, "<li class=\"%s\" data-rule=\"", report_certainty_word(finding->certainty));
		report_html_text(out, finding->rule);
		fprintf(out, "\"><a href=\"#f%zu\"><b>", i + 1);
		report_html_text(out, report_rule_find(finding->rule).title);
		fputs("</b> <span>", out);
		if (top)
			report_html_format(out, "%s in %s", report_path_base(report_frame_where(top, false)),
				report_frame_name(top));
		fputs("</span></a></li>\n", out);
	}
	fputs("</ol>\n</nav>\n", out);
}

static void put_more(FILE *out, const struct report *report)
{
	size_t shown = count_shown(report);
	if (shown < report->group_count)
		fprintf(out,
			"<p class=\"more\">This page has the first %zu of %zu findings, the surest ones. All "
			"of them "
			"are in the text and in the JSON report.</p>\n",
			shown, report->group_count);
}

void report_html_write(FILE *out, const struct report *report)
{
	put_head(out, report);
	fputs("<div class=\"body\">\n", out);
	if (report->group_count)
		put_contents(out, report);
	fputs("<main>\n", out);
	if (!report->group_count)
		fputs("<p class=\"clean\">Nothing was found. What was watched, and what was not, stands "
		      "below.</p>\n",
			out);
	for (size_t i = 0; i < count_shown(report); i++)
		report_html_finding(out, report->groups[i], i + 1);
	put_more(out, report);
	report_html_footer(out, report);
	fprintf(out, "</main>\n</div>\n<script>\n%s</script>\n</body>\n</html>\n", report_html_script);
}
