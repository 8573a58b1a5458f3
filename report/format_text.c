/* The text format: ThreadSanitizer's layout with another name in it, so that what reads its output (CI plugins, editors)
 * reads ours. Lines that it has no place for stand behind those that it has; as there, what starts a program or a thread is
 * left out of stacks. */
#include <inttypes.h>
#include <string.h>

#include "ends.h"
#include "formats.h"
#include "rewritten.h"
#include "rules.h"
#include "shared.h"
#include "utf8.h"
#include "words.h"

enum { MOST_THREADS = 64, MOST_SYNCS = 256, MOST_PEERS = 16, MOST_MAPPINGS = 16, MOST_ENDS = 16 };

static const char ruler[] = "==================\n";

static void write_frame(FILE *out, size_t number, const struct report_frame *frame)
{
	fprintf(out, "    #%zu %s", number, report_frame_name(frame));
	if (frame->file)
		fprintf(out, " %s", report_frame_where(frame, true));
	if (frame->kind == REPORT_FRAME_UNKNOWN)
		fprintf(out, " %s", report_frame_where(frame, false));
	else if (frame->module && frame->pc < RT_PC_FUNCTIONS)
		fprintf(out, " (%s)", frame->module);
	else if (frame->module)
		fprintf(out, " (%s+0x%" PRIx64 ")", report_text_clean(report_path_base(frame->module)),
			frame->offset);
	if (frame->build_id && *frame->build_id)
		fprintf(out, " (BuildId: %s)", frame->build_id);
	if (frame->trouble)
		fprintf(out, " [%s]", frame->trouble);
	fputc('\n', out);
}

static void write_stack(FILE *out, struct report_process *process, uint32_t stack)
{
	const struct report_frames *frames = report_frames_get(process, stack);
	for (size_t i = 0; i < frames->count - frames->startup; i++)
		write_frame(out, i, &frames->frames[i]);
	if (!frames->count)
		fputs("    [no stack]\n", out);
	fputc('\n', out);
}

static void write_locks(FILE *out, struct report_process *process, const struct report_party *party)
{
	if (!party->lock_count)
		return;
	fputs(" (mutexes:", out);
	for (uint32_t i = 0; i < party->lock_count; i++) {
		const struct report_sync *sync = report_sync_find(process, party->locks[i].sync);
		fprintf(out, "%s %s %sM%" PRIu32, i ? "," : "",
			party->locks[i].mode == RT_LOCK_SHARED ? "read" : "write",
			sync && !sync->address ? "one of the many " : "", party->locks[i].sync);
	}
	fputc(')', out);
}

static void write_parties(FILE *out, const struct report_finding *finding)
{
	for (uint32_t i = 0; i < finding->party_count; i++) {
		const struct report_party *party = &finding->parties[i];
		fprintf(out, "  %s at 0x%" PRIx64 " %s", report_party_words(finding, i), party->address,
			report_party_thread(finding, party));
		write_locks(out, finding->process, party);
		fputs(":\n", out);
		write_stack(out, finding->process, party->stack);
	}
}

static void write_location(FILE *out, const struct report_finding *finding)
{
	const struct report_location *location = &finding->location;
	uint32_t stack = report_location_stack(finding);
	if (location->kind == RT_LOCATION_UNKNOWN && !finding->object)
		return;
	fprintf(out, "  Location is %s%s\n", report_location_words(finding), stack ? ":" : ".");
	if (stack)
		write_stack(out, finding->process, stack);
	else
		fputc('\n', out);
	if (!location->freed_thread && !location->freed_stack)
		return;
	fprintf(out, "  The %s by %s:\n", report_location_end(finding),
		report_thread_words(finding->process, location->freed_thread, false));
	write_stack(out, finding->process, location->freed_stack);
}

static void write_mapping(
	FILE *out, const struct report_finding *finding, const struct report_history_row *row)
{
	const struct report_mapping *mapping = row->mapping;
	const char *who = report_row_thread(finding, row);
	fprintf(out, "  Mapped in %s%s%s, %s%s\n", report_row_processes(row), *who ? " by " : "", who,
		report_mapping_words(mapping), mapping->stack ? ":" : ".");
	if (mapping->stack)
		write_stack(out, finding->process, mapping->stack);
	else
		fputc('\n', out);
	if (!mapping->gone_stack)
		return;
	fputs("  It was unmapped at:\n", out);
	write_stack(out, finding->process, mapping->gone_stack);
}

static void write_history(FILE *out, const struct report_finding *finding)
{
	struct report_history history;
	report_history_collect(finding, &history);
	if (!history.row_count)
		return;
	fprintf(out, "  Mappings of its page, offsets 0x%" PRIx64 "-0x%" PRIx64 ":\n\n", history.low,
		history.high);
	for (size_t i = 0; i < history.row_count && i < MOST_MAPPINGS; i++)
		write_mapping(out, finding, &history.rows[i]);
	if (history.more || history.row_count > MOST_MAPPINGS)
		fputs("  There are more, which are not listed.\n\n", out);
}

/* The processes, where a side is in another one than where it was found. */
static void write_peers(FILE *out, const struct report_finding *finding)
{
	struct report_peer peers[MOST_PEERS];
	size_t left_out, count = report_peers_collect(finding, peers, MOST_PEERS, &left_out);
	if (count < 2)
		return;
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "  Process %" PRIu32, peers[i].pid);
		if (peers[i].parent_pid)
			fprintf(out, " (parent %" PRIu32 ")", peers[i].parent_pid);
		fprintf(out, ": %s\n", report_peer_words(&peers[i]));
	}
	if (left_out)
		fprintf(out, "  and %zu more processes\n", left_out);
	fputc('\n', out);
}

static void write_overlap(FILE *out, const struct report_finding *finding)
{
	uint64_t low = report_overlap_start(finding), bytes = finding->overlap_size, start;
	bool shown = false;
	if (!bytes)
		return;
	fprintf(out, "  The bytes both touch: %" PRIu64 " from %s0x%" PRIx64, bytes,
		finding->object ? "offset " : "", low);
	for (uint32_t i = 0; i < finding->party_count; i++) {
		const struct report_party *party = &finding->parties[i];
		if (!report_party_start(finding, party, &start) || low < start || bytes > party->size ||
			low - start > party->size - bytes)
			continue;
		fprintf(out, "%s %" PRIu64 "..%" PRIu64 " of the %s", shown ? "," : ":", low - start,
			low - start + bytes - 1, report_kind_word(party->kind));
		shown = true;
	}
	fputs(".\n\n", out);
}

static void write_syncs(FILE *out, const struct report_finding *finding)
{
	uint32_t ids[MOST_SYNCS];
	size_t count = report_syncs_collect(finding, ids, MOST_SYNCS);
	for (size_t i = 0; i < count; i++) {
		const struct report_sync *sync = report_sync_find(finding->process, ids[i]);
		if (!sync)
			continue;
		fprintf(out, "  %s", report_sync_words(finding->process, sync));
		if (report_address_is_real(sync->address))
			fprintf(out, " (0x%" PRIx64 ")", sync->address);
		else if (!sync->address)
			fputs(" stands for many that are not told apart,", out);
		if (sync->stack) {
			fputs(" created at:\n", out);
			write_stack(out, finding->process, sync->stack);
		} else {
			fputs(" is statically initialised, or its creation was not seen.\n\n", out);
		}
	}
}

static void write_thread(FILE *out, const struct report_finding *finding, const struct report_thread *thread)
{
	struct report_process *process = finding->process;
	const char *state = report_thread_state(thread);
	if (thread->flags & RT_THREAD_MAIN)
		return;
	fprintf(out, "  %s (%s%s%s)", report_words_raise(report_thread_whole(finding, thread->id, 0)),
		report_thread_tid(thread, '='), *state ? ", " : "", state);
	if (!report_thread_is_told(thread)) {
		fputs(" was created there.\n\n", out);
		return;
	}
	if (thread->flags & RT_THREAD_UNSEEN_START) {
		fputs(" was there before racetrack, or its start was not seen.\n\n", out);
		return;
	}
	fprintf(out, " created by %s at:\n", report_thread_words(process, thread->parent, false));
	write_stack(out, process, thread->stack);
}

static void write_threads(FILE *out, const struct report_finding *finding)
{
	uint32_t ids[MOST_THREADS];
	size_t count = report_threads_collect(finding, ids, MOST_THREADS);
	for (size_t i = 0; i < count; i++) {
		const struct report_thread *thread = report_thread_find(finding->process, ids[i]);
		if (thread)
			write_thread(out, finding, thread);
	}
}

static void write_count(FILE *out, const struct report_group *group)
{
	if (group->count < 2)
		return;
	fprintf(out, "  Found %" PRIu64 " times, in process%s", group->count,
		group->pid_count > 1 ? "es" : "");
	for (size_t i = 0; i < group->pid_count; i++)
		fprintf(out, "%s %" PRIu32, i ? "," : "", group->pids[i]);
	fputs(".\n\n", out);
}

static void write_summary(FILE *out, const struct report_finding *finding, const char *title)
{
	const char *where = "";
	for (uint32_t i = 0; i < finding->party_count && !*where; i++)
		where = report_party_summary(finding, &finding->parties[i]);
	fprintf(out, "SUMMARY: racetrack: %s%s%s\n", title, *where ? " " : "", where);
}

void report_text_group(FILE *out, const struct report_group *group)
{
	const struct report_finding *finding = group->finding;
	struct report_rule rule = report_rule_find(finding->rule);
	const char *title = report_text_clean(rule.title);
	fprintf(out, "%s%s: racetrack: %s [%s] (pid=%" PRIu32 ")\n", ruler,
		report_certainty_headline(finding->certainty), title, report_text_clean(rule.id),
		finding->process->pid);
	write_parties(out, finding);
	write_peers(out, finding);
	if (*finding->message)
		fprintf(out, "  Message: %s\n\n", report_text_clean(finding->message));
	if (*report_inference_words(finding))
		fprintf(out, "  %s\n\n", report_inference_words(finding));
	write_location(out, finding);
	write_overlap(out, finding);
	write_history(out, finding);
	write_syncs(out, finding);
	write_threads(out, finding);
	write_count(out, group);
	write_summary(out, finding, title);
	fputs(ruler, out);
}

static void write_losses(FILE *out, const struct report *report)
{
	for (size_t i = 0; i < report->process_count; i++) {
		const struct report_process *process = report->processes[i];
		for (size_t j = 0; j < process->loss_count; j++)
			fprintf(out, "racetrack: not seen in process %" PRIu32 ": %s\n", process->pid,
				report_text_clean(process->losses[j]));
		if (process->dropped_records)
			fprintf(out,
				"racetrack: process %" PRIu32 " lost %" PRIu64
				" records: its record file was full\n",
				process->pid, process->dropped_records);
	}
}

/* Of those that did not come to their end: what they would have said there is missing. */
static void write_ends(FILE *out, const struct report *report)
{
	size_t lines = 0;
	for (size_t i = 0; i < report->process_count; i++) {
		const struct report_process *process = report->processes[i];
		if (report_end_of(process) < REPORT_END_SIGNAL || lines++ >= MOST_ENDS)
			continue;
		fprintf(out, "racetrack: process %" PRIu32 " (%s): %s\n", process->pid,
			report_text_clean(*process->command ? process->command : process->executable),
			report_end_words(process));
	}
	if (lines > MOST_ENDS)
		fprintf(out, "racetrack: and so %zu more processes\n", lines - MOST_ENDS);
}

static void write_suppressions(FILE *out, const struct report *report)
{
	const struct report_suppressions *suppressions = &report->suppressions;
	if (!report->print_suppressions || !suppressions->count)
		return;
	fprintf(out, "racetrack: suppressed %" PRIu64 " findings by %s:\n", report->suppressed,
		suppressions->file ? report_text_clean(suppressions->file)
				   : "the program's own suppressions");
	for (size_t i = 0; i < suppressions->count; i++) {
		const struct report_suppression *row = &suppressions->rows[i];
		if (row->matched)
			fprintf(out, "%8" PRIu64 " %s:%s\n", row->matched, report_text_clean(row->type),
				report_text_clean(row->pattern));
	}
	for (size_t i = 0; i < suppressions->count; i++) {
		const struct report_suppression *row = &suppressions->rows[i];
		if (!row->matched && !row->program)
			fprintf(out, "  unused %s:%s (line %u)\n", report_text_clean(row->type),
				report_text_clean(row->pattern), row->line);
	}
}

static void write_rewritten(FILE *out, const struct report *report)
{
	struct report_share share;
	uint32_t modules = report_rewritten_sum(report, &share);
	if (modules)
		fprintf(out,
			"racetrack: checked %s of the plain loads and stores of %" PRIu32 " module%s%s\n",
			report_share_words(&share), modules, modules == 1 ? "" : "s",
			report_share_end(&share));
}

void report_text_trailer(FILE *out, const struct report *report)
{
	size_t notes = report_notes_count(report), inferred = report_inferred_count(report);
	write_losses(out, report);
	write_ends(out, report);
	write_rewritten(out, report);
	write_suppressions(out, report);
	fprintf(out, "racetrack: reported %zu warnings", report_warnings_count(report));
	if (inferred)
		fprintf(out, " (%zu inferred)", inferred);
	if (notes)
		fprintf(out, " and %zu note%s", notes, notes == 1 ? "" : "s");
	fputc('\n', out);
}

void report_text_write(FILE *out, const struct report *report)
{
	for (size_t i = 0; i < report->group_count; i++)
		report_text_group(out, report->groups[i]);
	report_text_trailer(out, report);
}
