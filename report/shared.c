/* See shared.h. */
#include "shared.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "frames.h"
#include "utf8.h"
#include "words.h"

uint32_t report_pid_of(const struct report_finding *finding, uint32_t pid)
{
	return pid ? pid : finding->process->pid;
}

bool report_finding_crosses(const struct report_finding *finding)
{
	for (uint32_t i = 1; i < finding->party_count; i++)
		if (report_pid_of(finding, finding->parties[i].pid) !=
			report_pid_of(finding, finding->parties[0].pid))
			return true;
	return finding->party_count &&
	       report_pid_of(finding, finding->parties[0].pid) != finding->process->pid;
}

/* ---- processes ---- */

struct peer_list {
	struct report_peer *peers;
	size_t count, most, left_out;
};

/* `peer` may be NULL: only its pid is known. */
static void add_peer(struct peer_list *list, uint32_t pid, const struct report_peer *peer)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->peers[i].pid == pid)
			return;
	if (list->count == list->most) {
		list->left_out++;
		return;
	}
	list->peers[list->count++] =
		peer ? *peer
		     : (struct report_peer){.pid = pid, .executable = "", .folder = "", .command = ""};
}

size_t report_peers_collect(
	const struct report_finding *finding, struct report_peer *peers, size_t most, size_t *left_out)
{
	const struct report_process *process = finding->process;
	const struct report_peer self = {.pid = process->pid,
		.parent_pid = process->parent_pid,
		.executable = process->executable,
		.folder = process->folder,
		.command = process->command};
	struct peer_list list = {.peers = peers, .most = most};
	const struct report_mapping *mapping;
	add_peer(&list, self.pid, &self);
	for (uint32_t i = 0; i < finding->party_count; i++)
		add_peer(&list, report_pid_of(finding, finding->parties[i].pid), finding->parties[i].peer);
	for (size_t at = 0; (mapping = report_mapping_next(finding, &at));) {
		const struct report_peer *peer = report_peer_find(process, mapping->pid);
		if (peer)
			add_peer(&list, mapping->pid, peer);
	}
	*left_out = list.left_out;
	return list.count;
}

const char *report_peer_words(const struct report_peer *peer)
{
	const char *words = *peer->command ? peer->command : peer->executable;
	return *words ? report_text_clean(words) : "nothing is known of it";
}

/* ---- the object ---- */

static const struct {
	const char *kind, *words,
		*prefix; /* the latter is part of the recorded name, and said by the words */
} objects[] = {
	[RT_OBJECT_FILE] = {"file", "file", ""},
	[RT_OBJECT_MEMFD] = {"memfd", "memfd", "memfd:"},
	[RT_OBJECT_SHM] = {"posix-shm", "POSIX shared memory", ""},
	[RT_OBJECT_ANONYMOUS] = {"anonymous", "shared anonymous memory", ""},
	[RT_OBJECT_SYSV] = {"sysv", "System V shared memory", ""},
};

const char *report_object_kind(const struct report_object *object)
{
	return objects[object->kind].kind;
}

const char *report_object_words(const struct report_object *object)
{
	const char *words = objects[object->kind].words, *prefix = objects[object->kind].prefix;
	const char *name = object->name;
	if (!strncmp(name, prefix, strlen(prefix)))
		name += strlen(prefix);
	return *name ? report_arena_format("%s '%s'", words, report_text_clean(name)) : words;
}

uint64_t report_overlap_start(const struct report_finding *finding)
{
	return finding->object ? finding->object_offset : finding->overlap_address;
}

/* Does a side that begins at `start` have all of the overlap, which begins at `overlap`? */
static bool covers(const struct report_finding *finding, const struct report_party *party, uint64_t start,
	uint64_t overlap)
{
	return start <= overlap && finding->overlap_size <= party->size &&
	       overlap - start <= party->size - finding->overlap_size;
}

static bool mapping_start(const struct report_finding *finding, const struct report_party *party,
	const struct report_mapping *mapping, uint64_t *start)
{
	if (mapping->pid != report_pid_of(finding, party->pid) || party->address < mapping->address ||
		party->address - mapping->address >= mapping->bytes)
		return false;
	*start = mapping->offset + (party->address - mapping->address);
	return covers(finding, party, *start, finding->object_offset);
}

bool report_party_start(
	const struct report_finding *finding, const struct report_party *party, uint64_t *start)
{
	uint64_t into = finding->overlap_address - party->address;
	const struct report_mapping *mapping;
	*start = party->address;
	if (!finding->object)
		return true;
	*start = finding->object_offset - into;
	if (report_pid_of(finding, party->pid) == finding->process->pid && into <= finding->object_offset &&
		covers(finding, party, party->address, finding->overlap_address))
		return true;
	for (size_t at = 0; (mapping = report_mapping_next(finding, &at));)
		if (mapping_start(finding, party, mapping, start))
			return true;
	return false;
}

/* ---- its mappings ---- */

static void measure_pages(const struct report_finding *finding, uint64_t *low, uint64_t *high)
{
	const uint64_t mask = REPORT_PAGE_BYTES - 1;
	uint64_t last = finding->overlap_size ? finding->overlap_size - 1 : 0;
	last = last <= UINT64_MAX - finding->object_offset ? finding->object_offset + last : UINT64_MAX;
	*low = finding->object_offset & ~mask;
	*high = last <= UINT64_MAX - REPORT_PAGE_BYTES ? (last | mask) + 1 : UINT64_MAX;
}

const struct report_mapping *report_mapping_next(const struct report_finding *finding, size_t *at)
{
	uint64_t low, high;
	measure_pages(finding, &low, &high);
	while (finding->object && *at < finding->object->mapping_count) {
		const struct report_mapping *mapping = &finding->object->mappings[(*at)++];
		if (mapping->offset < high && mapping->offset + mapping->bytes > low)
			return mapping;
	}
	return NULL;
}

static bool frames_are_alike(struct report_process *process, uint32_t a, uint32_t b)
{
	const struct report_frames *left = report_frames_get(process, a),
				   *right = report_frames_get(process, b);
	bool alike = left->count == right->count;
	for (size_t i = 0; i < left->count && alike; i++) {
		const struct report_frame *x = &left->frames[i], *y = &right->frames[i];
		alike = x->kind == y->kind && (x->module ? x->offset == y->offset : x->pc == y->pc) &&
			!strcmp(x->module ? x->module : "", y->module ? y->module : "");
	}
	return alike;
}

static bool stacks_are_alike(struct report_process *process, uint32_t a, uint32_t b)
{
	return a == b || (a && b && frames_are_alike(process, a, b));
}

static bool is_main(const struct report_process *process, uint32_t id)
{
	const struct report_thread *thread = report_thread_find(process, id);
	return thread && thread->flags & RT_THREAD_MAIN;
}

/* Who mapped what a process has from its parent is not known there. */
static bool threads_are_alike(const struct report_process *process, uint32_t a, uint32_t b)
{
	return a == b || !a || !b || (is_main(process, a) && is_main(process, b));
}

static bool are_alike(
	struct report_process *process, const struct report_mapping *a, const struct report_mapping *b)
{
	return a->address == b->address && a->bytes == b->bytes && a->offset == b->offset &&
	       a->writable == b->writable && a->gone == b->gone &&
	       threads_are_alike(process, a->thread, b->thread) &&
	       stacks_are_alike(process, a->stack, b->stack) &&
	       stacks_are_alike(process, a->gone_stack, b->gone_stack);
}

static struct report_history_row *find_row(
	struct report_process *process, struct report_history *history, const struct report_mapping *mapping)
{
	for (size_t i = 0; i < history->row_count; i++)
		if (are_alike(process, history->rows[i].mapping, mapping))
			return &history->rows[i];
	if (history->row_count == REPORT_HISTORY_ROWS)
		return NULL;
	history->rows[history->row_count] =
		(struct report_history_row){.mapping = mapping, .threads_known = true};
	return &history->rows[history->row_count++];
}

static void add_to_row(struct report_history_row *row, const struct report_mapping *mapping)
{
	if (row->count < REPORT_HISTORY_PIDS)
		row->pids[row->count] = mapping->pid;
	row->count++;
	row->threads_known &= !mapping->thread == !row->mapping->thread;
}

void report_history_collect(const struct report_finding *finding, struct report_history *history)
{
	const struct report_mapping *mapping;
	memset(history, 0, sizeof(*history));
	measure_pages(finding, &history->low, &history->high);
	history->more = finding->object && finding->object->more_mappings;
	for (size_t at = 0; (mapping = report_mapping_next(finding, &at));) {
		struct report_history_row *row = find_row(finding->process, history, mapping);
		if (row)
			add_to_row(row, mapping);
		history->more |= !row;
	}
}

const char *report_row_processes(const struct report_history_row *row)
{
	char list[REPORT_HISTORY_PIDS * sizeof(", 4294967295")];
	size_t shown = row->count < REPORT_HISTORY_PIDS ? row->count : REPORT_HISTORY_PIDS, used = 0;
	for (size_t i = 0; i < shown; i++)
		used += (size_t)snprintf(
			list + used, sizeof(list) - used, "%s %" PRIu32, i ? "," : "", row->pids[i]);
	if (row->count > shown)
		return report_arena_format("processes%s and %zu more", list, row->count - shown);
	return report_arena_format("process%s%s", row->count > 1 ? "es" : "", list);
}

const char *report_row_thread(const struct report_finding *finding, const struct report_history_row *row)
{
	uint32_t id = row->mapping->thread;
	if (!id || !row->threads_known)
		return "";
	return report_thread_words(finding->process, id, row->count == 1);
}

const char *report_mapping_words(const struct report_mapping *mapping)
{
	return report_arena_format("%s, at 0x%" PRIx64 "-0x%" PRIx64 ", from offset 0x%" PRIx64 "%s",
		mapping->writable ? "read-write" : "read-only", mapping->address,
		mapping->address + mapping->bytes, mapping->offset,
		mapping->gone && !mapping->gone_stack ? ", unmapped since" : "");
}

uint32_t report_location_stack(const struct report_finding *finding)
{
	const struct report_mapping *mapping;
	for (size_t at = 0; (mapping = report_mapping_next(finding, &at));)
		if (mapping->pid == finding->process->pid)
			return 0;
	return finding->location.stack;
}
