/* The JSON format. docs/report.schema.json is its contract; a change that could break a reader raises `version`. */
#include <inttypes.h>

#include "coverage.h"
#include "ends.h"
#include "formats.h"
#include "json.h"
#include "json_rewritten.h"
#include "rules.h"
#include "shared.h"
#include "words.h"

enum { JSON_VERSION = 1, MOST_THREADS = 64, MOST_SYNCS = 256, MOST_PEERS = 256, MOST_MAPPINGS = 256 };

static const char *text_or_null(const char *text)
{
	return text && *text ? text : NULL;
}

static void write_frame(struct report_json *json, const struct report_frame *frame)
{
	static const char *const kinds[] = {"project", "system", "tool", "unknown", "omitted"};
	bool code = frame->kind != REPORT_FRAME_OMITTED && frame->pc >= RT_PC_FUNCTIONS;
	report_json_open(json, NULL, '{');
	report_json_text(json, "function", frame->function);
	report_json_text(json, "file", frame->file);
	if (frame->file)
		report_json_number(json, "line", frame->line);
	else
		report_json_text(json, "line", NULL);
	if (frame->file && frame->column)
		report_json_number(json, "column", frame->column);
	report_json_text(json, "module", frame->module);
	if (code && frame->module)
		report_json_address(json, "offset", frame->offset);
	else
		report_json_text(json, "offset", NULL);
	if (code && report_address_is_real(frame->pc))
		report_json_address(json, "pc", frame->pc);
	if (frame->build_id && *frame->build_id)
		report_json_text(json, "build_id", frame->build_id);
	report_json_text(json, "kind", kinds[frame->kind]);
	if (frame->inlined)
		report_json_bool(json, "inlined", true);
	if (frame->trouble)
		report_json_text(json, "trouble", frame->trouble);
	report_json_close(json, '}');
}

static void write_stack(
	struct report_json *json, const char *key, struct report_process *process, uint32_t id)
{
	const struct report_frames *frames = report_frames_get(process, id);
	report_json_open(json, key, '[');
	for (size_t i = 0; i < frames->count; i++)
		write_frame(json, &frames->frames[i]);
	report_json_close(json, ']');
}

static void write_access(
	struct report_json *json, const struct report_finding *finding, const struct report_party *party)
{
	const struct report_frames *frames = report_frames_get(finding->process, party->stack);
	uint64_t start;
	report_json_open(json, NULL, '{');
	report_json_number(json, "thread", party->thread);
	report_json_number(json, "process", party->pid ? party->pid : finding->process->pid);
	report_json_text(json, "kind", report_kind_word(party->kind));
	report_json_bool(json, "atomic", party->atomic);
	report_json_address(json, "address", party->address);
	if (finding->object && report_party_start(finding, party, &start))
		report_json_address(json, "object_offset", start);
	report_json_number(json, "size", party->size);
	report_json_open(json, "locks", '[');
	for (uint32_t i = 0; i < party->lock_count; i++) {
		report_json_open(json, NULL, '{');
		report_json_number(json, "id", party->locks[i].sync);
		report_json_text(
			json, "mode", party->locks[i].mode == RT_LOCK_SHARED ? "shared" : "exclusive");
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
	if (frames->top)
		report_json_number(json, "top_frame", (uint64_t)(frames->top - frames->frames));
	else
		report_json_text(json, "top_frame", NULL);
	write_stack(json, "stack", finding->process, party->stack);
	report_json_close(json, '}');
}

static void write_location(struct report_json *json, const struct report_finding *finding)
{
	static const char *const kinds[] = {
		"unknown", "heap", "stack", "global", "mapping", "descriptor", "shared", "thread-local"};
	const struct report_location *location = &finding->location;
	struct report_variable variable;
	struct report_module *module = NULL;
	report_json_open(json, "location", '{');
	report_json_text(json, "kind", kinds[location->kind]);
	if (report_location_variable(finding, &variable, &module)) {
		report_json_text(json, "name", variable.name);
		report_json_address(json, "address", variable.address);
		report_json_number(json, "size", variable.size);
	} else {
		report_json_text(json, "name", text_or_null(location->name));
		report_json_address(json, "address", location->address);
		report_json_number(json, "size", location->size);
	}
	if (module) {
		report_json_text(json, "module", module->path);
		report_json_address(json, "offset",
			location->kind == RT_LOCATION_THREAD_LOCAL ? location->offset
								   : location->address - module->bias);
	}
	report_json_number(json, "thread", location->thread);
	write_stack(json, "stack", finding->process, location->stack);
	if (location->freed_thread || location->freed_stack) {
		report_json_number(json, "freed_thread", location->freed_thread);
		write_stack(json, "freed_stack", finding->process, location->freed_stack);
	}
	report_json_close(json, '}');
}

static void write_mappings(struct report_json *json, const struct report_finding *finding)
{
	const struct report_mapping *mapping;
	size_t count = 0, at = 0;
	report_json_open(json, "mappings", '[');
	for (; (mapping = report_mapping_next(finding, &at)) && count < MOST_MAPPINGS; count++) {
		report_json_open(json, NULL, '{');
		report_json_number(json, "process", mapping->pid);
		report_json_number(json, "thread", mapping->thread);
		report_json_address(json, "address", mapping->address);
		report_json_number(json, "size", mapping->bytes);
		report_json_address(json, "offset", mapping->offset);
		report_json_bool(json, "writable", mapping->writable);
		report_json_bool(json, "unmapped", mapping->gone);
		write_stack(json, "stack", finding->process, mapping->stack);
		if (mapping->gone_stack)
			write_stack(json, "unmapped_stack", finding->process, mapping->gone_stack);
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
	report_json_bool(json, "more_mappings", mapping || finding->object->more_mappings);
}

static void write_object(struct report_json *json, const struct report_finding *finding)
{
	const struct report_object *object = finding->object;
	if (!object) {
		report_json_text(json, "object", NULL);
		return;
	}
	report_json_open(json, "object", '{');
	report_json_text(json, "kind", report_object_kind(object));
	report_json_text(json, "name", text_or_null(object->name));
	report_json_text(json, "device", report_arena_format("%" PRIu64, object->device));
	report_json_text(json, "inode", report_arena_format("%" PRIu64, object->inode));
	report_json_address(json, "offset", finding->object_offset);
	write_mappings(json, finding);
	report_json_close(json, '}');
}

static void write_peers(struct report_json *json, const struct report_finding *finding)
{
	struct report_peer peers[MOST_PEERS];
	size_t left_out, count = report_peers_collect(finding, peers, MOST_PEERS, &left_out);
	report_json_open(json, "peers", '[');
	for (size_t i = 1; i < count; i++) {
		report_json_open(json, NULL, '{');
		report_json_number(json, "pid", peers[i].pid);
		report_json_number(json, "parent", peers[i].parent_pid);
		report_json_text(json, "executable", text_or_null(peers[i].executable));
		report_json_text(json, "folder", text_or_null(peers[i].folder));
		report_json_text(json, "command", text_or_null(peers[i].command));
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
}

static void write_locks(struct report_json *json, const struct report_finding *finding)
{
	uint32_t ids[MOST_SYNCS];
	size_t count = report_syncs_collect(finding, ids, MOST_SYNCS);
	report_json_open(json, "locks", '[');
	for (size_t i = 0; i < count; i++) {
		const struct report_sync *sync = report_sync_find(finding->process, ids[i]);
		report_json_open(json, NULL, '{');
		report_json_number(json, "id", ids[i]);
		report_json_text(json, "kind", sync ? text_or_null(sync->kind) : NULL);
		report_json_text(json, "name", sync ? text_or_null(sync->name) : NULL);
		report_json_address(
			json, "address", sync && report_address_is_real(sync->address) ? sync->address : 0);
		write_stack(json, "stack", finding->process, sync ? sync->stack : 0);
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
}

static void write_threads(struct report_json *json, const struct report_finding *finding)
{
	uint32_t ids[MOST_THREADS];
	size_t count = report_threads_collect(finding, ids, MOST_THREADS);
	report_json_open(json, "threads", '[');
	for (size_t i = 0; i < count; i++) {
		const struct report_thread *thread = report_thread_find(finding->process, ids[i]);
		if (!thread)
			continue;
		report_json_open(json, NULL, '{');
		report_json_number(json, "id", thread->id);
		report_json_number(json, "process", report_pid_of(finding, thread->pid));
		report_json_number(json, "number", thread->number);
		report_json_number(json, "parent", thread->parent);
		report_json_number(json, "tid", thread->kernel_id);
		report_json_text(json, "name", text_or_null(thread->name));
		report_json_bool(json, "main", thread->flags & RT_THREAD_MAIN);
		report_json_text(json, "state", text_or_null(report_thread_state(thread)));
		write_stack(json, "stack", finding->process, thread->stack);
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
}

static void write_group(struct report_json *json, const struct report_group *group)
{
	const struct report_finding *finding = group->finding;
	struct report_rule rule = report_rule_find(finding->rule);
	report_json_open(json, NULL, '{');
	report_json_text(json, "rule", rule.id);
	report_json_text(json, "title", rule.title);
	report_json_text(json, "certainty", report_certainty_word(finding->certainty));
	report_json_text(json, "inference", text_or_null(report_inference_words(finding)));
	report_json_text(json, "message", finding->message);
	report_json_text(json, "fingerprint", group->fingerprint);
	report_json_number(json, "process", finding->process->pid);
	report_json_number(json, "count", group->count);
	report_json_open(json, "processes", '[');
	for (size_t i = 0; i < group->pid_count; i++)
		report_json_number(json, NULL, group->pids[i]);
	report_json_close(json, ']');
	report_json_open(json, "accesses", '[');
	for (uint32_t i = 0; i < finding->party_count; i++)
		write_access(json, finding, &finding->parties[i]);
	report_json_close(json, ']');
	report_json_open(json, "overlap", '{');
	report_json_address(json, "address", finding->overlap_address);
	report_json_number(json, "size", finding->overlap_size);
	report_json_close(json, '}');
	write_location(json, finding);
	write_object(json, finding);
	write_peers(json, finding);
	write_locks(json, finding);
	write_threads(json, finding);
	report_json_close(json, '}');
}

static void write_end(struct report_json *json, const struct report_process *process)
{
	enum report_end end = report_end_of(process);
	uint32_t status;
	report_json_text(json, "end", report_end_name(end));
	if (report_end_status(process, &status))
		report_json_number(json, "status", status);
	if (end == REPORT_END_SIGNAL)
		report_json_text(json, "signal", report_end_signal(process));
}

static void write_processes(struct report_json *json, const struct report *report)
{
	report_json_open(json, "processes", '[');
	for (size_t i = 0; i < report->process_count; i++) {
		const struct report_process *process = report->processes[i];
		report_json_open(json, NULL, '{');
		report_json_number(json, "pid", process->pid);
		report_json_number(json, "parent", process->parent_pid);
		report_json_text(json, "executable", process->executable);
		report_json_text(json, "folder", process->folder);
		report_json_text(json, "command", process->command);
		report_json_text(json, "options", process->options);
		report_json_text(json, "library", process->library);
		report_json_number(json, "start_ns", process->start_ns);
		write_end(json, process);
		report_json_number(json, "findings", process->finding_count);
		report_json_number(json, "dropped_records", process->dropped_records);
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
}

static void write_coverage(struct report_json *json, const struct report *report)
{
	report_json_open(json, "coverage", '{');
	report_json_open(json, "sources", '[');
	struct report_source_row sources[REPORT_SOURCES];
	report_sources_list(report, sources);
	for (size_t i = 0; i < REPORT_SOURCES; i++) {
		report_json_open(json, NULL, '{');
		report_json_text(json, "name", sources[i].name);
		report_json_bool(json, "watched", sources[i].watched);
		report_json_text(json, "text", sources[i].text);
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
	report_json_open(json, "modules", '[');
	for (const struct report_module_row *row = report_modules_list(report); row; row = row->hh.next) {
		report_json_open(json, NULL, '{');
		report_json_text(json, "path", row->path);
		report_json_text(json, "build_id", text_or_null(row->build_id));
		report_json_number(json, "processes", row->processes);
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
	report_json_rewritten(json, report);
	report_json_close(json, '}');
}

static void write_losses(struct report_json *json, const struct report *report)
{
	report_json_open(json, "losses", '[');
	for (size_t i = 0; i < report->process_count; i++)
		for (size_t j = 0; j < report->processes[i]->loss_count; j++) {
			report_json_open(json, NULL, '{');
			report_json_number(json, "process", report->processes[i]->pid);
			report_json_text(json, "text", report->processes[i]->losses[j]);
			report_json_close(json, '}');
		}
	report_json_close(json, ']');
	report_json_open(json, "errors", '[');
	for (size_t i = 0; i < report->error_count; i++)
		report_json_text(json, NULL, report->errors[i]);
	report_json_close(json, ']');
}

static void write_suppressions(struct report_json *json, const struct report *report)
{
	report_json_number(json, "suppressed", report->suppressed);
	report_json_open(json, "suppressions", '[');
	for (size_t i = 0; i < report->suppressions.count; i++) {
		const struct report_suppression *row = &report->suppressions.rows[i];
		report_json_open(json, NULL, '{');
		report_json_text(json, "type", row->type);
		report_json_text(json, "pattern", row->pattern);
		report_json_number(json, "line", row->line);
		report_json_number(json, "matched", row->matched);
		report_json_text(json, "program", row->program);
		report_json_close(json, '}');
	}
	report_json_close(json, ']');
}

void report_json_write(FILE *out, const struct report *report)
{
	struct report_json json = {.out = out};
	report_json_open(&json, NULL, '{');
	report_json_number(&json, "version", JSON_VERSION);
	report_json_text(&json, "tool", "racetrack");
	report_json_open(&json, "findings", '[');
	for (size_t i = 0; i < report->group_count; i++)
		write_group(&json, report->groups[i]);
	report_json_close(&json, ']');
	write_suppressions(&json, report);
	write_processes(&json, report);
	write_coverage(&json, report);
	report_json_open(&json, "counters", '{');
	for (const struct report_counter_row *row = report_counters_sum(report); row; row = row->hh.next)
		report_json_number(&json, row->name, row->value);
	report_json_close(&json, '}');
	write_losses(&json, report);
	report_json_close(&json, '}');
}
