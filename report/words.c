/* See words.h. */
#include "words.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "rules.h"
#include "shared.h"
#include "utf8.h"

const char *report_words_raise(const char *words)
{
	char *raised = report_arena_copy(words, strlen(words));
	*raised = (char)toupper((unsigned char)*raised);
	return raised;
}

const char *report_thread_words(const struct report_process *process, uint32_t id, bool named)
{
	const struct report_thread *thread = report_thread_find(process, id);
	const char *words = report_arena_format("thread T%" PRIu32, thread ? thread->number : id);
	if (thread && thread->flags & RT_THREAD_MAIN)
		return "main thread";
	if (!id)
		return "unknown thread";
	if (!named || !thread || !*thread->name)
		return words;
	return report_arena_format("%s '%s'", words, report_text_clean(thread->name));
}

const char *report_thread_whole(const struct report_finding *finding, uint32_t id, uint32_t pid)
{
	const struct report_thread *thread = report_thread_find(finding->process, id);
	const char *words = report_thread_words(finding->process, id, true);
	pid = report_pid_of(finding, thread && thread->pid ? thread->pid : pid);
	if (pid == finding->process->pid && !report_finding_crosses(finding))
		return words;
	return report_arena_format("%s of process %" PRIu32, words, pid);
}

const char *report_thread_state(const struct report_thread *thread)
{
	if (thread->flags & RT_THREAD_MAIN)
		return "";
	if (thread->flags & RT_THREAD_JOINED)
		return "finished";
	if (thread->flags & RT_THREAD_DETACHED)
		return "detached";
	return thread->pid ? "" : "running";
}

const char *report_party_words(const struct report_finding *finding, uint32_t index)
{
	const struct report_party *party = &finding->parties[index];
	const char *words = report_words_raise(report_arena_format("%s%s%s", index ? "previous " : "",
		party->atomic ? "atomic " : "", report_kind_word(party->kind)));
	return party->size ? report_arena_format("%s of size %" PRIu64, words, party->size) : words;
}

const char *report_party_thread(const struct report_finding *finding, const struct report_party *party)
{
	return report_arena_format("by %s", report_thread_whole(finding, party->thread, party->pid));
}

bool report_address_is_real(uint64_t address)
{
	return address && (address < RT_PC_PEERS || address > INT64_MAX);
}

const char *report_sync_words(struct report_process *process, const struct report_sync *sync)
{
	struct report_variable variable = {0};
	struct report_module *module;
	const char *name = sync->name;
	const char *words = report_words_raise(report_arena_format(
		"%s M%" PRIu32, *sync->kind ? report_text_clean(sync->kind) : "lock", sync->id));
	if (!*name && report_address_is_real(sync->address) &&
		report_global_find(process, sync->address, &variable, &module))
		name = variable.name;
	if (!*name)
		return words;
	if (variable.name && variable.address != sync->address)
		return report_arena_format("%s '%s+%" PRIu64 "'", words, report_text_clean(name),
			sync->address - variable.address);
	return report_arena_format("%s '%s'", words, report_text_clean(name));
}

const char *report_frame_where(const struct report_frame *frame, bool column)
{
	if (frame->file && column && frame->column)
		return report_arena_format(
			"%s:%u:%u", report_text_clean(frame->file), frame->line, frame->column);
	if (frame->file)
		return report_arena_format("%s:%u", report_text_clean(frame->file), frame->line);
	if (frame->kind == REPORT_FRAME_UNKNOWN)
		return report_address_is_real(frame->pc) ? report_arena_format("(0x%" PRIx64 ")", frame->pc)
							 : "(in no known module)";
	if (!frame->module)
		return "";
	if (frame->pc < RT_PC_FUNCTIONS)
		return report_arena_format("(%s)", frame->module);
	return report_arena_format(
		"(%s+0x%" PRIx64 ")", report_text_clean(report_path_base(frame->module)), frame->offset);
}

const char *report_frame_name(const struct report_frame *frame)
{
	if (frame->kind == REPORT_FRAME_OMITTED)
		return "<frames left out>";
	return frame->function ? report_text_clean(frame->function) : "??";
}

const char *report_party_summary(const struct report_finding *finding, const struct report_party *party)
{
	const struct report_frame *top = report_frames_get(finding->process, party->stack)->top;
	if (!top)
		return "";
	return report_arena_format("%s in %s", report_frame_where(top, false), report_frame_name(top));
}

const char *report_thread_tid(const struct report_thread *thread, char between)
{
	return thread->kernel_id ? report_arena_format("tid%c%" PRIu32, between, thread->kernel_id)
				 : "no thread of the system's";
}

static const char *offset_words(uint64_t offset)
{
	return offset ? report_arena_format(", %" PRIu64 " bytes into it", offset) : "";
}

static const char *describe_global(const struct report_finding *finding)
{
	const struct report_location *location = &finding->location;
	struct report_variable variable;
	struct report_module *module;
	if (*location->name && !strcmp(finding->rule, "race-hidden-state"))
		return report_arena_format(
			"%s, which the C library keeps for all threads", report_text_clean(location->name));
	if (report_location_variable(finding, &variable, &module))
		return report_arena_format("global '%s' of size %" PRIu64 " at 0x%" PRIx64 " (%s+0x%" PRIx64
					   ")%s",
			report_text_clean(variable.name), variable.size, variable.address,
			report_text_clean(report_path_base(module->path)), variable.address - module->bias,
			offset_words(location->address - variable.address));
	if (module)
		return report_arena_format("global%s%s at 0x%" PRIx64 " (%s+0x%" PRIx64 ")",
			*location->name ? " " : "", report_text_clean(location->name), location->address,
			report_text_clean(report_path_base(module->path)), location->address - module->bias);
	return report_arena_format("global%s%s at 0x%" PRIx64, *location->name ? " " : "",
		report_text_clean(location->name), location->address);
}

static const char *describe_local(const struct report_finding *finding)
{
	const struct report_location *location = &finding->location;
	const char *who = report_thread_words(finding->process, location->thread, false);
	struct report_variable variable;
	struct report_module *module;
	if (report_location_variable(finding, &variable, &module))
		return report_arena_format("thread-local '%s' of size %" PRIu64 " at 0x%" PRIx64
					   " of %s (%s)%s",
			report_text_clean(variable.name), variable.size, variable.address, who,
			report_text_clean(report_path_base(module->path)),
			offset_words(location->address - variable.address));
	if (module)
		return report_arena_format("thread-local storage of %s at 0x%" PRIx64
					   " (%s, at offset 0x%" PRIx64 ")",
			who, location->address, report_text_clean(report_path_base(module->path)),
			location->offset);
	return report_arena_format("%s of %s at 0x%" PRIx64,
		*location->name ? report_text_clean(location->name) : "thread-local storage", who,
		location->address);
}

static const char *describe_shared(const struct report_finding *finding)
{
	const struct report_location *location = &finding->location;
	const char *words = report_object_words(finding->object);
	words = report_arena_format("%s at offset 0x%" PRIx64, words, finding->object_offset);
	if (!location->thread || !report_location_stack(finding))
		return words;
	return report_arena_format(
		"%s, mapped by %s", words, report_thread_words(finding->process, location->thread, false));
}

const char *report_location_words(const struct report_finding *finding)
{
	const struct report_location *location = &finding->location;
	const char *who = report_thread_words(finding->process, location->thread, false);
	const char *name =
		*location->name ? report_arena_format(" '%s'", report_text_clean(location->name)) : "";
	if (finding->object)
		return describe_shared(finding);
	switch (location->kind) {
	case RT_LOCATION_HEAP:
		return report_arena_format("heap block%s of size %" PRIu64 " at 0x%" PRIx64
					   " allocated by %s",
			name, location->size, location->address, who);
	case RT_LOCATION_STACK:
		return report_arena_format(
			"stack of %s%s%s", who, *name ? ", " : "", report_text_clean(location->name));
	case RT_LOCATION_GLOBAL:
		return describe_global(finding);
	case RT_LOCATION_THREAD_LOCAL:
		return describe_local(finding);
	case RT_LOCATION_MAPPING:
	case RT_LOCATION_SHARED:
		return report_arena_format("%smapping%s of size %" PRIu64 " at 0x%" PRIx64,
			location->kind == RT_LOCATION_SHARED ? "shared " : "", name, location->size,
			location->address);
	case RT_LOCATION_DESCRIPTOR:
		return report_arena_format("file descriptor %" PRIu64 "%s%s", location->address,
			location->thread ? " created by " : "", location->thread ? who : "");
	default:
		return "";
	}
}

const char *report_location_end(const struct report_finding *finding)
{
	switch (finding->location.kind) {
	case RT_LOCATION_DESCRIPTOR:
		return "descriptor was closed";
	case RT_LOCATION_MAPPING:
	case RT_LOCATION_SHARED:
		return "mapping was unmapped";
	default:
		return "block was freed";
	}
}

static const char *describe_variable(const struct report_finding *finding)
{
	struct report_variable variable;
	struct report_module *module;
	if (!report_global_find(finding->process, finding->variable, &variable, &module))
		return report_arena_format("the variable at 0x%" PRIx64, finding->variable);
	return report_arena_format("'%s'", report_text_clean(variable.name));
}

const char *report_inference_words(const struct report_finding *finding)
{
	if (finding->certainty != RT_INFERRED)
		return "";
	if (!finding->variable)
		return "Inferred: part of the program's code was not looked at (see the coverage), and what "
		       "orders the "
		       "two may be there.";
	if (finding->variable == finding->overlap_address && !strcmp(finding->rule, "race-sync-object"))
		return "Inferred: POSIX does not say that a barrier may be destroyed while others are on "
		       "their way "
		       "out. glibc waits for them; other C libraries need not.";
	if (finding->variable == finding->overlap_address)
		return "Inferred: both are plain moves, as atomic loads and stores are in machine code. If "
		       "the "
		       "source makes them atomic, this is no race.";
	return report_arena_format(
		"Inferred: the two would be in order if %s were atomic in the source: its plain moves, which "
		"race as they stand, may be that in machine code.",
		describe_variable(finding));
}

bool report_thread_is_told(const struct report_thread *thread)
{
	return !thread->pid || thread->parent || thread->stack;
}

bool report_locks_are_known(const struct report_finding *finding, const struct report_party *party)
{
	return party->lock_count || report_pid_of(finding, party->pid) == finding->process->pid;
}

uint32_t report_locks_common(const struct report_party *a, const struct report_party *b)
{
	for (uint32_t i = 0; i < a->lock_count; i++)
		for (uint32_t j = 0; j < b->lock_count; j++)
			if (a->locks[i].sync == b->locks[j].sync)
				return a->locks[i].sync;
	return 0;
}

static void collect_id(uint32_t *ids, size_t *count, size_t most, uint32_t id)
{
	if (!id || *count == most)
		return;
	for (size_t i = 0; i < *count; i++)
		if (ids[i] == id)
			return;
	ids[(*count)++] = id;
}

size_t report_threads_collect(const struct report_finding *finding, uint32_t *ids, size_t most)
{
	const struct report_mapping *mapping;
	size_t count = 0, at = 0;
	for (uint32_t i = 0; i < finding->party_count; i++)
		collect_id(ids, &count, most, finding->parties[i].thread);
	collect_id(ids, &count, most, finding->location.thread);
	collect_id(ids, &count, most, finding->location.freed_thread);
	while ((mapping = report_mapping_next(finding, &at)))
		collect_id(ids, &count, most, mapping->thread);
	for (size_t i = 0; i < count; i++) {
		const struct report_thread *thread = report_thread_find(finding->process, ids[i]);
		if (thread)
			collect_id(ids, &count, most, thread->parent);
	}
	return count;
}

size_t report_syncs_collect(const struct report_finding *finding, uint32_t *ids, size_t most)
{
	size_t count = 0;
	for (uint32_t i = 0; i < finding->party_count; i++)
		for (uint32_t j = 0; j < finding->parties[i].lock_count; j++)
			collect_id(ids, &count, most, finding->parties[i].locks[j].sync);
	return count;
}
