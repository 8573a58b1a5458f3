/* From findings to groups. See report.h. */
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "report.h"

enum { MOST_SIDES = 64 };

/* The lines of a finding's sides, in an order that does not depend on which side came first. */
struct sides {
	const char *text[MOST_SIDES];
	size_t count;
};

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *join_sides(const char *rule, struct sides *sides)
{
	const char *joined = rule;
	qsort(sides->text, sides->count, sizeof(sides->text[0]), compare_texts);
	for (size_t i = 0; i < sides->count; i++)
		joined = report_arena_format("%s\n%s", joined, sides->text[i]);
	return joined;
}

/* What stays the same when the program is changed elsewhere. A stripped program has only its offsets. */
static const char *describe_lasting(const struct report_frame *frame)
{
	if (!frame)
		return "?";
	if (frame->function)
		return report_arena_format("%s@%s", frame->function,
			report_path_base(frame->path     ? frame->path
					 : frame->module ? frame->module
							 : "?"));
	return frame->module ? report_arena_format("%s+0x%llx", report_path_base(frame->module),
				       (unsigned long long)frame->offset)
			     : "?";
}

static const char *describe_exact(const struct report_frame *frame)
{
	if (frame && frame->path)
		return report_arena_format("%s:%u", describe_lasting(frame), frame->line);
	if (frame && frame->module)
		return report_arena_format(
			"%s+0x%llx", describe_lasting(frame), (unsigned long long)frame->offset);
	return describe_lasting(frame);
}

/* The rule, and what else tells one defect from another at the same lines: the variable, where it has a name. Other rules are about an
 * object, in which some variable lies. */
static const char *describe_what(const struct report_finding *finding)
{
	struct report_variable variable;
	struct report_module *module;
	bool has_name =
		!strcmp(finding->rule, "race-data") && report_location_variable(finding, &variable, &module);
	return has_name ? report_arena_format("%s %s", finding->rule, variable.name) : finding->rule;
}

static uint64_t hash_text(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */
	while (*text)
		hash = (hash ^ (unsigned char)*text++) * 0x100000001b3ull;
	return hash;
}

static struct report_group *find_group(struct report *report, struct report_finding *finding, bool *is_new)
{
	struct sides lasting = {.count = 0}, exact = {.count = 0};
	struct report_group *group;
	const char *key;
	for (uint32_t i = 0; i < finding->party_count && i < MOST_SIDES; i++) {
		const struct report_frame *top =
			report_frames_get(finding->process, finding->parties[i].stack)->top;
		lasting.text[lasting.count++] = describe_lasting(top);
		exact.text[exact.count++] = describe_exact(top);
	}
	/* What was inferred in one place, and certain in another, is one defect. */
	uint8_t certainty = finding->certainty == RT_INFERRED ? RT_CERTAIN : finding->certainty;
	const char *what = describe_what(finding);
	key = join_sides(report_arena_format("%u %s", certainty, what), &exact);
	HASH_FIND_STR(report->groups_by_key, key, group);
	*is_new = !group;
	if (group && finding->certainty < group->finding->certainty)
		group->finding = finding;
	if (group)
		return group;
	group = report_arena_take(1, sizeof(*group));
	group->key = key;
	group->finding = finding;
	snprintf(group->fingerprint, sizeof(group->fingerprint), "%016llx",
		(unsigned long long)hash_text(join_sides(what, &lasting)));
	HASH_ADD_KEYPTR(hh, report->groups_by_key, group->key, strlen(group->key), group);
	report->groups = report_array_grow(
		report->groups, report->group_count, &report->group_room, sizeof(report->groups[0]));
	report->groups[report->group_count++] = group;
	return group;
}

static void count_finding(struct report_group *group, uint32_t pid)
{
	group->count++;
	for (size_t i = 0; i < group->pid_count; i++)
		if (group->pids[i] == pid)
			return;
	group->pids =
		report_array_grow(group->pids, group->pid_count, &group->pid_room, sizeof(group->pids[0]));
	group->pids[group->pid_count++] = pid;
}

static void add_error(void *report, const char *message)
{
	report_error_add(report, message);
}

void report_findings_take(struct report *report, struct report_process *process,
	void (*on_group)(void *context, const struct report_group *group), void *context)
{
	/* of all processes: a finding may have a side in another program than this one */
	for (size_t i = 0; i < report->process_count; i++)
		report_suppressions_take(&report->suppressions, report->processes[i], add_error, report);
	while (process->finding_taken < process->finding_count) {
		struct report_finding *finding = process->findings[process->finding_taken++];
		struct report_group *group;
		bool is_new;
		if (report_suppressions_match(&report->suppressions, finding)) {
			report->suppressed++;
			continue;
		}
		group = find_group(report, finding, &is_new);
		count_finding(group, process->pid);
		if (is_new && on_group)
			on_group(context, group);
	}
}

void report_process_add(struct report *report, struct report_process *process)
{
	report->processes = report_array_grow(report->processes, report->process_count, &report->process_room,
		sizeof(report->processes[0]));
	report->processes[report->process_count++] = process;
}

void report_error_add(struct report *report, const char *line)
{
	report->errors = report_array_grow(
		report->errors, report->error_count, &report->error_room, sizeof(report->errors[0]));
	report->errors[report->error_count++] = line;
}

void report_groups_sort(struct report *report)
{
	struct report_group **sorted = report_arena_take(report->group_count, sizeof(sorted[0]));
	size_t used = 0;
	for (uint8_t certainty = RT_CERTAIN; certainty <= RT_NOTE; certainty++)
		for (size_t i = 0; i < report->group_count; i++)
			if (report->groups[i]->finding->certainty == certainty)
				sorted[used++] = report->groups[i];
	if (used)
		memcpy(report->groups, sorted, used * sizeof(sorted[0]));
}

static size_t count_certainty(const struct report *report, enum rt_certainty certainty)
{
	size_t count = 0;
	for (size_t i = 0; i < report->group_count; i++)
		count += report->groups[i]->finding->certainty == certainty;
	return count;
}

size_t report_notes_count(const struct report *report)
{
	return count_certainty(report, RT_NOTE);
}

size_t report_inferred_count(const struct report *report)
{
	return count_certainty(report, RT_INFERRED);
}

size_t report_warnings_count(const struct report *report)
{
	return report->group_count - report_notes_count(report);
}
