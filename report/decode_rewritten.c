/* What became of modules' plain loads and stores. See decode_parts.h. */
#include "decode_parts.h"

#include <string.h>

enum { MOST_SKIPS = 64 };
static const uint64_t most_accesses = 1ull << 40; /* of a module: its code has at most 2^31 bytes */

/* A writer of another version may have more numbers, or fewer. */
static const char *decode_numbers(struct rt_rewritten_numbers *numbers, struct report_cursor *in)
{
	uint64_t *fields = (uint64_t *)numbers;
	uint32_t count = report_cursor_count(in, sizeof(uint64_t));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t number = report_cursor_u64(in);
		if (number > most_accesses)
			return "it counts more than a module can have";
		if (i < RT_REWRITTEN_NUMBERS)
			fields[i] = number;
	}
	return NULL;
}

static const char *decode_skips(struct report_rewritten *rewritten, struct report_cursor *in)
{
	uint32_t count = report_cursor_count(in, 28);
	if (count > MOST_SKIPS)
		return "it has too many reasons";
	rewritten->skips = report_arena_take(count, sizeof(rewritten->skips[0]));
	rewritten->skip_count = count;
	for (uint32_t i = 0; i < count; i++) {
		struct report_skip *skip = &rewritten->skips[i];
		skip->reason = report_cursor_string(in);
		skip->accesses = report_cursor_u64(in);
		skip->bytes = report_cursor_u64(in);
		skip->estimated = report_cursor_u64(in);
		if (skip->accesses > most_accesses || skip->bytes > most_accesses ||
			skip->estimated > most_accesses)
			return "it counts more than a module can have";
	}
	return NULL;
}

/* What was told of the module before keeps its numbers. False: there is nothing. */
static bool undo(struct report_process *process, const struct report_rewritten *undone)
{
	for (size_t i = process->rewritten_count; i--;) {
		struct report_rewritten *module = &process->rewritten[i];
		if (strcmp(module->path, undone->path) || module->state == RT_REWRITTEN_UNDONE)
			continue;
		module->state = undone->state;
		module->why = undone->why;
		return true;
	}
	return false;
}

const char *report_rewritten_decode(struct report_process *process, struct report_cursor *in)
{
	struct report_rewritten rewritten = {.state = report_cursor_u8(in)};
	rewritten.path = report_cursor_string(in);
	rewritten.build_id = report_cursor_hex(in);
	rewritten.why = report_cursor_string(in);
	if (rewritten.state > RT_REWRITTEN_UNDONE)
		return "it names a state of a module that does not exist";
	const char *wrong = decode_numbers(&rewritten.numbers, in);
	if (!wrong)
		wrong = decode_skips(&rewritten, in);
	if (wrong || in->failed)
		return wrong;
	if (rewritten.state == RT_REWRITTEN_UNDONE && undo(process, &rewritten))
		return NULL;
	if (process->rewritten_count == REPORT_MOST_MODULES)
		return "it is one module too many";
	process->rewritten = report_array_grow(
		process->rewritten, process->rewritten_count, &process->rewritten_room, sizeof(rewritten));
	process->rewritten[process->rewritten_count++] = rewritten;
	return NULL;
}
