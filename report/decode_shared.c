/* Other processes, and the memory that they share with this one. See decode_parts.h. */
#include "decode_parts.h"

#include <string.h>

void report_program_add(struct report_process *process, const char *path)
{
	struct report_program *program;
	if (!*path || report_program_find(process, path))
		return;
	program = report_arena_take(1, sizeof(*program));
	program->path = path;
	HASH_ADD_KEYPTR(hh, process->programs, program->path, strlen(program->path), program);
}

/* What came before stays as it is: findings point to it. */
const char *report_peer_decode(struct report_process *process, struct report_cursor *in)
{
	uint32_t pid = report_cursor_u32(in);
	struct report_peer *old = report_peer_find(process, pid);
	struct report_peer facts = {.pid = pid, .parent_pid = report_cursor_u32(in)}, *peer;
	facts.executable = report_cursor_string(in);
	facts.folder = report_cursor_string(in);
	facts.command = report_cursor_string(in);
	if (in->failed)
		return NULL;
	if (!pid)
		return "it is a process without a number";
	if (old)
		HASH_DEL(process->peers, old);
	peer = report_arena_take(1, sizeof(*peer));
	*peer = facts;
	HASH_ADD(hh, process->peers, pid, sizeof(peer->pid), peer);
	report_program_add(process, peer->executable);
	return NULL;
}

const char *report_object_decode(struct report_process *process, struct report_cursor *in)
{
	uint32_t id = report_cursor_u32(in);
	struct report_object *object = report_object_find(process, id);
	uint8_t kind = report_cursor_u8(in);
	const char *name = report_cursor_string(in);
	uint64_t device = report_cursor_u64(in), inode = report_cursor_u64(in);
	if (in->failed)
		return NULL;
	if (kind < RT_OBJECT_FILE || kind > RT_OBJECT_SYSV)
		return "it names a kind of shared object that does not exist";
	if (!object) {
		object = report_arena_take(1, sizeof(*object));
		object->id = id;
		HASH_ADD(hh, process->objects, id, sizeof(object->id), object);
	}
	object->kind = kind;
	object->name = name;
	object->device = device;
	object->inode = inode;
	return NULL;
}

/* Where there are too many, the one that went first makes room; false: all are there still. */
static bool make_room(struct report_object *object)
{
	size_t i = 0;
	if (object->mapping_count < REPORT_MOST_MAPPINGS)
		return true;
	object->more_mappings = true;
	while (i < object->mapping_count && !object->mappings[i].gone)
		i++;
	if (i == object->mapping_count)
		return false;
	object->mapping_count--;
	memmove(&object->mappings[i], &object->mappings[i + 1],
		(object->mapping_count - i) * sizeof(object->mappings[0]));
	return true;
}

static void insert_mapping(struct report_object *object, size_t at, const struct report_mapping *mapping)
{
	object->mappings = report_array_grow(
		object->mappings, object->mapping_count, &object->mapping_room, sizeof(object->mappings[0]));
	memmove(&object->mappings[at + 1], &object->mappings[at],
		(object->mapping_count - at) * sizeof(object->mappings[0]));
	object->mappings[at] = *mapping;
	object->mapping_count++;
}

/* The index of the first mapping whose number is not below. */
static size_t find_mapping(const struct report_object *object, uint32_t number)
{
	size_t low = 0, high = object->mapping_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (object->mappings[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_mapping(struct report_object *object, const struct report_mapping *mapping)
{
	size_t at = find_mapping(object, mapping->number);
	if (at < object->mapping_count && object->mappings[at].number == mapping->number)
		object->mappings[at] = *mapping;
	else if (make_room(object))
		insert_mapping(object, find_mapping(object, mapping->number), mapping);
}

const char *report_mapping_decode(struct report_process *process, struct report_cursor *in)
{
	struct report_object *object = report_object_find(process, report_cursor_u32(in));
	struct report_mapping mapping = {.number = report_cursor_u32(in)};
	mapping.pid = report_cursor_u32(in);
	mapping.thread = report_cursor_u32(in);
	mapping.address = report_cursor_u64(in);
	mapping.bytes = report_cursor_u64(in);
	mapping.offset = report_cursor_u64(in);
	mapping.writable = report_cursor_u8(in);
	mapping.gone = report_cursor_u8(in);
	mapping.stack = report_cursor_u32(in);
	mapping.gone_stack = report_cursor_u32(in);
	if (in->failed || !object)
		return NULL;
	if (!mapping.bytes || mapping.bytes > UINT64_MAX - mapping.address ||
		mapping.bytes > UINT64_MAX - mapping.offset)
		return "it maps a range that does not exist";
	mapping.pid = mapping.pid ? mapping.pid : process->pid;
	add_mapping(object, &mapping);
	return NULL;
}
