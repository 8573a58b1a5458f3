/* What was checked by rewriting, at the end of the HTML page. See html.h. */
#include <inttypes.h>
#include <string.h>

#include "frames.h"
#include "html.h"
#include "rewritten.h"

static void put_number(FILE *out, uint64_t number)
{
	fprintf(out, "<td class=\"num\">%" PRIu64 "</td>", number);
}

static void put_overview_row(FILE *out, const struct report_rewritten_row *row)
{
	const struct report_rewritten *module = row->module;
	struct report_share share = report_share_find(module);
	fputs("<tr><td><code>", out);
	report_html_text(out, module->path);
	fputs("</code></td>", out);
	if (module->state == RT_REWRITTEN_DONE) {
		fprintf(out, "<td class=\"num\">%s</td>", report_share_words(&share));
		put_number(out, share.checked);
		put_number(out, share.lost + share.estimated);
	} else {
		fputs("<td colspan=\"3\">", out);
		report_html_format(out, "%s%s",
			module->state == RT_REWRITTEN_HOOKED || module->state == RT_REWRITTEN_UNDONE
				? ""
				: "not rewritten: ",
			module->why);
		fputs("</td>", out);
	}
	put_number(out, row->processes);
	fputs("</tr>\n", out);
}

static void put_overview(FILE *out, const struct report_rewritten_row *row)
{
	fputs("<div class=\"wide\"><table class=\"rewritten\"><thead><tr><th>file</th><th>checked</th>"
	      "<th>loads and stores</th><th>not checked</th><th>processes</th></tr></thead><tbody>\n",
		out);
	for (; row; row = row->hh.next)
		put_overview_row(out, row);
	fputs("</tbody></table></div>\n", out);
}

static void put_skip(FILE *out, const struct report_skip *skip)
{
	fputs("<tr>", out);
	put_number(out, skip->accesses);
	fputs("<td>", out);
	report_html_text(out, report_skip_text(skip->reason));
	if (skip->bytes)
		fprintf(out, "; %" PRIu64 " bytes of code, about %" PRIu64 " loads and stores", skip->bytes,
			skip->estimated);
	fprintf(out, "</td><td>%s</td></tr>\n", report_skip_loses(skip->reason) ? "not checked" : "no loss");
}

/* In the order of rewritten.def. */
static void put_numbers(FILE *out, const struct report_rewritten *module)
{
	const uint64_t *numbers = (const uint64_t *)&module->numbers;
	static const char *const texts[] = {
#define RT_NUMBER(name, text) text,
#include "shadow/rewritten.def"
#undef RT_NUMBER
	};
	for (size_t i = 0; i < RT_REWRITTEN_NUMBERS; i++) {
		fputs("<tr>", out);
		put_number(out, numbers[i]);
		fprintf(out, "<td colspan=\"2\">%s</td></tr>\n", texts[i]);
	}
}

static void put_module(FILE *out, const struct report_rewritten *module)
{
	fputs("<details class=\"rewritten\"><summary>Loads and stores of <code>", out);
	report_html_text(out, report_path_base(module->path));
	fputs("</code></summary>\n<div class=\"wide\"><table><thead><tr><th>number</th><th>of</th><th></th>"
	      "</tr></thead><tbody>\n",
		out);
	for (uint32_t i = 0; i < module->skip_count; i++)
		put_skip(out, &module->skips[i]);
	put_numbers(out, module);
	fputs("</tbody></table></div></details>\n", out);
}

void report_html_rewritten(FILE *out, const struct report *report)
{
	const struct report_rewritten_row *row = report_rewritten_list(report);
	if (!row)
		return;
	fputs("<h3>Plain loads and stores</h3>\n", out);
	put_overview(out, row);
	for (; row; row = row->hh.next)
		if (report_rewritten_has_numbers(row->module))
			put_module(out, row->module);
}
