/* See suppress.h. */
#include "suppress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "frames.h"
#include "rules.h"
#include "utf8.h"

/* What a type looks at. */
enum scope { SCOPE_ANY_FRAME, SCOPE_TOP_FRAME, SCOPE_CALLER };

/* The types beside the ids of rules. `prefix` is what the id of a rule begins with that the type covers; "" covers all,
 * NULL those that are no race. */
static const struct suppression_type {
	const char *name, *prefix;
	enum scope scope;
} types[] = {
	{"race", "race", SCOPE_ANY_FRAME},
	{"race_top", "race", SCOPE_TOP_FRAME},
	{"thread", "thread", SCOPE_ANY_FRAME},
	{"mutex", "lock", SCOPE_ANY_FRAME},
	{"signal", "signal", SCOPE_ANY_FRAME},
	{"deadlock", "deadlock", SCOPE_ANY_FRAME},
	{"called_from_lib", "", SCOPE_CALLER},
	{"misuse", NULL, SCOPE_ANY_FRAME},
};
enum { TYPE_COUNT = sizeof(types) / sizeof(types[0]) };

static bool begins_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static const struct suppression_type *find_type(const char *name)
{
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	return NULL;
}

static bool type_exists(const char *name)
{
	return find_type(name) || *report_rule_find(name).text;
}

static const char *list_types(void)
{
	const char *list = "";
	for (size_t i = 0; i < TYPE_COUNT; i++)
		list = report_arena_format("%s%s%s", list, i ? ", " : "", types[i].name);
	for (size_t i = 0; i < report_rule_count; i++)
		list = report_arena_format("%s, %s", list, report_rules[i].id);
	return list;
}

/* Does the pattern's piece of `bytes` stand at `text`? */
static bool piece_is(const char *piece, size_t bytes, const char *text)
{
	return !strncmp(text, piece, bytes);
}

static const char *find_piece(const char *text, const char *piece, size_t bytes)
{
	for (; *text; text++)
		if (piece_is(piece, bytes, text))
			return text;
	return NULL;
}

bool report_pattern_match(const char *pattern, const char *text)
{
	bool tied_front = *pattern == '^';
	pattern += tied_front;
	while (*pattern) {
		size_t bytes;
		if (*pattern == '*') {
			tied_front = false;
			pattern++;
			continue;
		}
		bytes = strcspn(pattern, "*");
		if (pattern[bytes - 1] == '$' && !pattern[bytes]) {
			size_t left = strlen(text);
			bytes--;
			if (left < bytes || (tied_front && left != bytes))
				return false;
			return piece_is(pattern, bytes, text + left - bytes);
		}
		if (tied_front ? !piece_is(pattern, bytes, text) : !(text = find_piece(text, pattern, bytes)))
			return false;
		text += bytes;
		pattern += bytes;
		tied_front = false;
	}
	return true;
}

static bool frame_matches(const char *pattern, const struct report_frame *frame)
{
	return (frame->function && report_pattern_match(pattern, frame->function)) ||
	       (frame->path && report_pattern_match(pattern, frame->path)) ||
	       (frame->module && report_pattern_match(pattern, frame->module));
}

static bool stack_matches(
	const char *pattern, enum scope scope, struct report_process *process, uint32_t stack)
{
	const struct report_frames *frames = report_frames_get(process, stack);
	for (size_t i = 0; i < frames->count; i++) {
		const struct report_frame *frame = &frames->frames[i];
		if (scope == SCOPE_CALLER) {
			/* who called the wrapped function: the first frame behind the tool's own */
			if (frame->kind != REPORT_FRAME_TOOL)
				return i > 0 && frame->module && report_pattern_match(pattern, frame->module);
			continue;
		}
		if (frame_matches(pattern, frame))
			return true;
		/* a wrapped function stands in front of the frame that the user means */
		if (scope == SCOPE_TOP_FRAME && frame->kind != REPORT_FRAME_TOOL)
			return false;
	}
	return false;
}

static bool thread_matches(const char *pattern, struct report_process *process, uint32_t id)
{
	const struct report_thread *thread = report_thread_find(process, id);
	return thread && stack_matches(pattern, SCOPE_ANY_FRAME, process, thread->stack);
}

static bool location_matches(const char *pattern, const struct report_finding *finding)
{
	const struct report_location *location = &finding->location;
	struct report_variable variable;
	struct report_module *module;
	if (*location->name && report_pattern_match(pattern, location->name))
		return true;
	if (finding->object && *finding->object->name && report_pattern_match(pattern, finding->object->name))
		return true;
	if (report_location_variable(finding, &variable, &module) &&
		report_pattern_match(pattern, variable.name))
		return true;
	return stack_matches(pattern, SCOPE_ANY_FRAME, finding->process, location->stack);
}

static bool finding_matches(const struct report_finding *finding, const char *pattern, enum scope scope)
{
	for (uint32_t i = 0; i < finding->party_count; i++) {
		const struct report_party *party = &finding->parties[i];
		if (stack_matches(pattern, scope, finding->process, party->stack))
			return true;
		if (scope == SCOPE_ANY_FRAME && thread_matches(pattern, finding->process, party->thread))
			return true;
	}
	return scope == SCOPE_ANY_FRAME && location_matches(pattern, finding);
}

/* A program's own suppressions are for findings that one of its processes has a side in. */
static bool is_of_program(const struct report_finding *finding, const char *program)
{
	if (!strcmp(program, finding->process->executable))
		return true;
	for (uint32_t i = 0; i < finding->party_count; i++)
		if (finding->parties[i].peer && !strcmp(program, finding->parties[i].peer->executable))
			return true;
	return false;
}

static bool row_covers(const struct report_suppression *row, const struct report_finding *finding)
{
	const struct suppression_type *type = find_type(row->type);
	if (row->program && !is_of_program(finding, row->program))
		return false;
	if (!type)
		return !strcmp(row->type, finding->rule) &&
		       finding_matches(finding, row->pattern, SCOPE_ANY_FRAME);
	if (type->prefix ? !begins_with(finding->rule, type->prefix) : begins_with(finding->rule, "race"))
		return false;
	return finding_matches(finding, row->pattern, type->scope);
}

struct report_suppression *report_suppressions_match(
	struct report_suppressions *suppressions, const struct report_finding *finding)
{
	for (size_t i = 0; i < suppressions->count; i++)
		if (row_covers(&suppressions->rows[i], finding)) {
			suppressions->rows[i].matched++;
			return &suppressions->rows[i];
		}
	return NULL;
}

/* Adds the row of one line, if it has one. Returns what is wrong with it, or NULL. */
static const char *read_row(
	struct report_suppressions *suppressions, const char *program, char *line, unsigned number)
{
	char *colon, *end;
	line += strspn(line, " \t");
	for (end = line + strlen(line); end > line && strchr(" \t\r\n", end[-1]);)
		*--end = 0;
	if (!*line || *line == '#')
		return NULL;
	colon = strchr(line, ':');
	if (!colon)
		return report_arena_format(
			"'%.64s' has no ':'; accepted: type:pattern", report_text_clean(line));
	*colon = 0;
	if (!type_exists(line))
		return report_arena_format("'%.64s' is no type of suppression; accepted: %s",
			report_text_clean(line), list_types());
	if (!colon[1])
		return report_arena_format("'%s:' has no pattern; accepted: type:pattern", line);
	suppressions->rows = report_array_grow(
		suppressions->rows, suppressions->count, &suppressions->room, sizeof(suppressions->rows[0]));
	suppressions->rows[suppressions->count++] = (struct report_suppression){
		.type = report_arena_copy(line, strlen(line)),
		.pattern = report_arena_copy(colon + 1, strlen(colon + 1)),
		.program = program,
		.line = number,
	};
	return NULL;
}

bool report_suppressions_read(struct report_suppressions *suppressions, const char *file,
	void (*on_error)(void *context, const char *message), void *context)
{
	struct stat status;
	bool right = true;
	char *line = NULL;
	size_t room = 0;
	unsigned number = 0;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
	suppressions->file = file;
	if (!in || fstat(fd, &status) || S_ISDIR(status.st_mode)) {
		on_error(context, report_arena_format("%s: cannot read the suppressions: %s", file,
					  in ? strerror(EISDIR) : strerror(errno)));
		if (in)
			fclose(in);
		return false;
	}
	while (getline(&line, &room, in) >= 0) {
		const char *wrong = read_row(suppressions, NULL, line, ++number);
		if (wrong) {
			on_error(context, report_arena_format("%s:%u: %s", file, number, wrong));
			right = false;
		}
	}
	free(line);
	fclose(in);
	return right;
}

static bool are_known(const struct report_suppressions *suppressions, const char *program)
{
	for (size_t i = 0; i < suppressions->count; i++)
		if (suppressions->rows[i].program && !strcmp(suppressions->rows[i].program, program))
			return true;
	return false;
}

bool report_suppressions_take(struct report_suppressions *suppressions, struct report_process *process,
	void (*on_error)(void *context, const char *message), void *context)
{
	char *line = process->suppressions
			     ? report_arena_copy(process->suppressions, strlen(process->suppressions))
			     : NULL;
	const char *program = process->executable ? process->executable : "";
	bool right = true;
	process->suppressions = NULL;
	if (!line || are_known(suppressions, program))
		return true;
	for (unsigned number = 1; line; number++) {
		char *end = strchr(line, '\n');
		if (end)
			*end = 0;
		const char *wrong = read_row(suppressions, program, line, number);
		if (wrong) {
			on_error(context, report_arena_format("%s: suppressions of its own, line %u: %s",
						  report_text_clean(program), number, wrong));
			right = false;
		}
		line = end ? end + 1 : NULL;
	}
	return right;
}
