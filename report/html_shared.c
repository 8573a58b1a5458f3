/* Processes and shared memory of a finding in the HTML page. See html.h. */
#include <inttypes.h>

#include "html.h"
#include "shared.h"
#include "words.h"

enum { MOST_PEERS = 64 };

static void put_peer(FILE *out, const struct report_peer *peer)
{
	fprintf(out, "<tr><td class=\"num\">%" PRIu32 "</td><td class=\"num\">", peer->pid);
	if (peer->parent_pid)
		fprintf(out, "%" PRIu32, peer->parent_pid);
	fputs("</td><td><code>", out);
	report_html_text(out, report_peer_words(peer));
	fputs("</code></td></tr>\n", out);
}

void report_html_processes(FILE *out, const struct report_finding *finding)
{
	struct report_peer peers[MOST_PEERS];
	size_t left_out, count = report_peers_collect(finding, peers, MOST_PEERS, &left_out);
	if (count < 2)
		return;
	report_html_part(out, "peers", "The processes");
	fputs("<table><thead><tr><th>pid</th><th>parent</th><th>command</th></tr></thead><tbody>\n", out);
	for (size_t i = 0; i < count; i++)
		put_peer(out, &peers[i]);
	fputs("</tbody></table>\n", out);
	if (left_out)
		fprintf(out, "<p class=\"none\">and %zu more processes</p>\n", left_out);
	fputs("</section>\n", out);
}

static void put_mapping(FILE *out, const struct report_finding *finding, const struct report_history_row *row)
{
	const struct report_mapping *mapping = row->mapping;
	const char *who = report_row_thread(finding, row);
	fputs("<details><summary><b>", out);
	report_html_text(out, report_words_raise(report_row_processes(row)));
	report_html_format(out, "%s%s", *who ? ", " : "", who);
	fputs("</b> <span>", out);
	report_html_text(out, report_mapping_words(mapping));
	fputs(mapping->gone_stack ? ", unmapped since</span></summary>\n" : "</span></summary>\n", out);
	report_html_stack(out, finding->process, mapping->stack);
	if (mapping->gone_stack) {
		fputs("<p>Unmapped at:</p>\n", out);
		report_html_stack(out, finding->process, mapping->gone_stack);
	}
	fputs("</details>\n", out);
}

void report_html_history(FILE *out, const struct report_finding *finding)
{
	struct report_history history;
	report_history_collect(finding, &history);
	if (!history.row_count)
		return;
	report_html_part(out, "mapped", "Mappings of its page");
	for (size_t i = 0; i < history.row_count; i++)
		put_mapping(out, finding, &history.rows[i]);
	if (history.more)
		fputs("<p class=\"none\">There are more, which are not listed.</p>\n", out);
	fputs("</section>\n", out);
}
