/* See coverage.h. */
#include "coverage.h"

#include "rewritten.h"

#include <string.h>

static uint64_t count_of(const struct report *report, const char *name)
{
	for (const struct report_counter_row *row = report_counters_sum(report); row; row = row->hh.next)
		if (!strcmp(row->name, name))
			return row->value;
	return 0;
}

/* Some process had a module with the compiler's hooks. */
static bool has_hooks(const struct report *report)
{
	return count_of(report, "modules_with_hooks") != 0;
}

/* No process had a second thread: what only one does needs no look. */
static bool is_alone(const struct report *report)
{
	return report->process_count && count_of(report, "threads") == report->process_count;
}

static const char *describe_plain(bool hooks, uint32_t modules, const struct report_share *share)
{
	const char *compiled = hooks ? ", in modules that racetrack-cc compiled" : "";
	if (!modules)
		return report_arena_format("plain loads and stores and atomic operations%s", compiled);
	return report_arena_format(
		"plain loads and stores and atomic operations%s%s %s of those in %u module%s "
		"that racetrack rewrote in memory%s",
		compiled, hooks ? ", and" : ",", report_share_words(share), modules, modules == 1 ? "" : "s",
		report_share_end(share));
}

void report_sources_list(const struct report *report, struct report_source_row *rows)
{
	bool hooks = has_hooks(report);
	struct report_share share;
	uint32_t modules = report_rewritten_sum(report, &share);
	rows[0] = (struct report_source_row){"wrappers", true,
		"what the C library's functions read and write (memcpy, read, printf, free, ...)"};
	rows[1] = (struct report_source_row){
		"annotations", true, "the containers, and what the program says by racetrack/racetrack.h"};
	rows[2] = (struct report_source_row){"plain-loads-and-stores", hooks || modules,
		hooks || modules ? describe_plain(hooks, modules, &share)
		: is_alone(report)
			? "plain loads and stores in the program's own code, which has one thread: nothing "
			  "raced with it"
			: "plain loads and stores in the program's own code"};
}

struct report_module_row *report_modules_list(const struct report *report)
{
	struct report_module_row *rows = NULL;
	for (size_t i = 0; i < report->process_count; i++) {
		const struct report_process *process = report->processes[i];
		for (size_t j = 0; j < process->module_count; j++) {
			const struct report_module *module = &process->modules[j];
			const char *key = report_arena_format("%s %s", module->build_id, module->path);
			struct report_module_row *row;
			HASH_FIND_STR(rows, key, row);
			if (!row) {
				row = report_arena_take(1, sizeof(*row));
				row->path = module->path;
				row->build_id = module->build_id;
				HASH_ADD_KEYPTR(hh, rows, key, strlen(key), row);
			}
			/* a module that was loaded twice still is in one process */
			row->processes += row->last != process;
			row->last = process;
		}
	}
	return rows;
}

struct report_counter_row *report_counters_sum(const struct report *report)
{
	struct report_counter_row *rows = NULL;
	for (size_t i = 0; i < report->process_count; i++) {
		const struct report_process *process = report->processes[i];
		for (size_t j = 0; j < process->counter_count; j++) {
			const char *name = process->counters[j].name;
			struct report_counter_row *row;
			HASH_FIND_STR(rows, name, row);
			if (!row) {
				row = report_arena_take(1, sizeof(*row));
				row->name = name;
				HASH_ADD_KEYPTR(hh, rows, row->name, strlen(row->name), row);
			}
			row->value += process->counters[j].value;
		}
	}
	return rows;
}
