/* One finding in the HTML page. See html.h. */
#include <inttypes.h>
#include <string.h>

#include "html.h"
#include "rules.h"
#include "shared.h"
#include "words.h"

enum { MOST_THREADS = 64, MOST_SYNCS = 256 };

static void put_heading(
	FILE *out, const struct report_group *group, const struct report_rule *rule, size_t number)
{
	const struct report_finding *finding = group->finding;
	const char *word = report_certainty_word(finding->certainty);
	fprintf(out, "<header><p class=\"over\"><span class=\"badge %s\">%s</span> <code>", word, word);
	report_html_text(out, rule->id);
	fputs("</code>", out);
	if (group->count > 1)
		fprintf(out, " <span class=\"tag\">%" PRIu64 " times in %zu process%s</span>", group->count,
			group->pid_count, group->pid_count > 1 ? "es" : "");
	fprintf(out, "</p>\n<h2><a href=\"#f%zu\">", number);
	report_html_text(out, rule->title);
	fputs("</a></h2>\n<p class=\"where\">", out);
	for (uint32_t i = 0, shown = 0; i < finding->party_count && i < 4; i++) {
		const char *where = report_party_summary(finding, &finding->parties[i]);
		if (!*where)
			continue;
		if (shown++)
			fputs(" <span class=\"versus\">and</span> ", out);
		fprintf(out, "<code class=\"%s\">", i ? "b" : "a");
		report_html_text(out, where);
		fputs("</code>", out);
	}
	fputs("</p>\n", out);
	if (*finding->message) {
		fputs("<p class=\"message\">", out);
		report_html_text(out, finding->message);
		fputs("</p>\n", out);
	}
	if (*report_inference_words(finding)) {
		fputs("<p class=\"message\">", out);
		report_html_text(out, report_inference_words(finding));
		fputs("</p>\n", out);
	}
	fputs("</header>\n", out);
}

static void put_locks(FILE *out, const struct report_finding *finding, const struct report_party *party)
{
	if (!party->lock_count) {
		fprintf(out, "<p class=\"locks\">%s</p>\n",
			report_locks_are_known(finding, party) ? "holds no lock"
							       : "its locks are not known here");
		return;
	}
	fputs("<p class=\"locks\">holds", out);
	for (uint32_t i = 0; i < party->lock_count; i++) {
		const struct report_sync *sync = report_sync_find(finding->process, party->locks[i].sync);
		fputs(" <span class=\"lock\">", out);
		if (sync && !sync->address)
			fputs("one of the many ", out);
		if (sync)
			report_html_text(out, report_sync_words(finding->process, sync));
		else
			fprintf(out, "M%" PRIu32, party->locks[i].sync);
		fputs(party->locks[i].mode == RT_LOCK_SHARED ? ", shared</span>" : "</span>", out);
	}
	fputs("</p>\n", out);
}

static void put_party(FILE *out, const struct report_finding *finding, uint32_t index)
{
	const struct report_party *party = &finding->parties[index];
	fprintf(out, "<section class=\"side %s\">\n<h3>", index ? "b" : "a");
	report_html_text(out, report_party_words(finding, index));
	fputs(" <span>", out);
	report_html_text(out, report_party_thread(finding, party));
	fprintf(out, ", at 0x%" PRIx64 "</span></h3>\n", party->address);
	report_html_source(out, finding->process,
		party->peer ? party->peer->folder : finding->process->folder, party->stack);
	report_html_stack(out, finding->process, party->stack);
	put_locks(out, finding, party);
	fputs("</section>\n", out);
}

/* What the locks of the two sides of a race have to do with it. */
static void put_verdict(FILE *out, const struct report_finding *finding)
{
	const struct report_party *parties = finding->parties;
	uint32_t common;
	if (finding->party_count != 2 || parties[0].thread == parties[1].thread ||
		!report_locks_are_known(finding, &parties[0]) ||
		!report_locks_are_known(finding, &parties[1]) ||
		strncmp(finding->rule, "race", strlen("race")))
		return;
	common = report_locks_common(&parties[0], &parties[1]);
	fputs("<p class=\"nolock\">", out);
	if (common)
		report_html_format(out,
			"Both hold M%" PRIu32 ", but only shared: that does not keep them apart.", common);
	else
		fputs("No lock in common.", out);
	fputs("</p>\n", out);
}

static void put_parties(FILE *out, const struct report_finding *finding)
{
	fprintf(out, "<div class=\"sides%s\">\n", finding->party_count < 2 ? " one" : "");
	for (uint32_t i = 0; i < finding->party_count; i++)
		put_party(out, finding, i);
	fputs("</div>\n", out);
	put_verdict(out, finding);
}

static void put_location(FILE *out, const struct report_finding *finding)
{
	const struct report_location *location = &finding->location;
	uint32_t stack = report_location_stack(finding);
	bool is_known = location->kind != RT_LOCATION_UNKNOWN || finding->object;
	if (!is_known && !finding->overlap_size)
		return;
	report_html_part(out, "memory", "The memory");
	report_html_bytes(out, finding);
	if (is_known) {
		fputs("<p>It is the ", out);
		report_html_text(out, report_location_words(finding));
		fputs(stack ? ":</p>\n" : ".</p>\n", out);
	}
	if (stack)
		report_html_stack(out, finding->process, stack);
	if (location->freed_thread || location->freed_stack) {
		report_html_format(out, "The %s by %s:", report_location_end(finding),
			report_thread_words(finding->process, location->freed_thread, true));
		report_html_stack(out, finding->process, location->freed_stack);
	}
	fputs("</section>\n", out);
}

static void put_thread(FILE *out, const struct report_finding *finding, const struct report_thread *thread)
{
	const char *state = report_thread_state(thread);
	fputs("<details><summary><b>", out);
	report_html_text(out, report_thread_whole(finding, thread->id, 0));
	report_html_format(out, "%s%s", *state ? ", " : "", state);
	fputs("</b> <span>", out);
	if (thread->flags & RT_THREAD_MAIN || !report_thread_is_told(thread))
		fputs(report_thread_tid(thread, ' '), out);
	else if (thread->flags & RT_THREAD_UNSEEN_START)
		fprintf(out, "%s, its start was not seen", report_thread_tid(thread, ' '));
	else
		report_html_format(out, "%s, created by %s", report_thread_tid(thread, ' '),
			report_thread_words(finding->process, thread->parent, true));
	fputs("</span></summary>\n", out);
	if (thread->flags & RT_THREAD_MAIN)
		fputs("<p class=\"none\">The program started it.</p>\n", out);
	else if (!report_thread_is_told(thread))
		fputs("<p class=\"none\">It was created there.</p>\n", out);
	else
		report_html_stack(out, finding->process, thread->stack);
	fputs("</details>\n", out);
}

static void put_threads(FILE *out, const struct report_finding *finding)
{
	uint32_t ids[MOST_THREADS];
	size_t count = report_threads_collect(finding, ids, MOST_THREADS);
	if (!count)
		return;
	report_html_part(out, "threads", "The threads");
	for (size_t i = 0; i < count; i++) {
		const struct report_thread *thread = report_thread_find(finding->process, ids[i]);
		if (thread)
			put_thread(out, finding, thread);
	}
	fputs("</section>\n", out);
}

static void put_syncs(FILE *out, const struct report_finding *finding)
{
	uint32_t ids[MOST_SYNCS];
	size_t count = report_syncs_collect(finding, ids, MOST_SYNCS);
	if (!count)
		return;
	report_html_part(out, "held", "The locks");
	for (size_t i = 0; i < count; i++) {
		const struct report_sync *sync = report_sync_find(finding->process, ids[i]);
		if (!sync)
			continue;
		fputs("<details><summary><b>", out);
		report_html_text(out, report_sync_words(finding->process, sync));
		fputs("</b> <span>", out);
		if (report_address_is_real(sync->address))
			fprintf(out, "at 0x%" PRIx64, sync->address);
		else if (!sync->address)
			fputs("stands for many that are not told apart", out);
		fputs(sync->stack ? ", created here</span></summary>\n" : "</span></summary>\n", out);
		if (sync->stack)
			report_html_stack(out, finding->process, sync->stack);
		else
			fputs("<p class=\"none\">Statically initialised, or its creation was not seen.</p>\n",
				out);
		fputs("</details>\n", out);
	}
	fputs("</section>\n", out);
}

void report_html_finding(FILE *out, const struct report_group *group, size_t number)
{
	const struct report_finding *finding = group->finding;
	struct report_rule rule = report_rule_find(finding->rule);
	fprintf(out, "<article class=\"finding %s\" id=\"f%zu\" data-rule=\"",
		report_certainty_word(finding->certainty), number);
	report_html_text(out, rule.id);
	fputs("\">\n", out);
	put_heading(out, group, &rule, number);
	put_parties(out, finding);
	fputs("<div class=\"parts\">\n", out);
	put_location(out, finding);
	report_html_processes(out, finding);
	report_html_history(out, finding);
	put_threads(out, finding);
	put_syncs(out, finding);
	fputs("</div>\n", out);
	if (*rule.text) {
		fputs("<aside><h3>What it means, and what to do</h3><p>", out);
		report_html_text(out, rule.text);
		fputs("</p></aside>\n", out);
	}
	fprintf(out,
		"<p class=\"print\">fingerprint <code>%s</code> &middot; process %" PRIu32
		"</p>\n</article>\n",
		group->fingerprint, finding->process->pid);
}
