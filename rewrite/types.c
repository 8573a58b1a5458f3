#include "types.h"

#include "file.h"
#include "named.h"
#include "operations.h"
#include "shadow/declared.h"
#include "shadow/process.h"
#include "shadow/reporter.h"
#include "shadow/sys.h"
#include "shadow/trait.h"

enum { ASKED_MOST = 256, ID_TEXT = 2 * RT_BUILD_ID_BYTES + 1 };

/* The question: a file and its build id for each module. */
static struct {
	struct rt_unit *units[ASKED_MOST];
	char ids[ASKED_MOST][ID_TEXT];
	const char *arguments[2 * ASKED_MOST + 3];
	uint32_t count;
	bool asked;
} question;

static void put_id(char text[ID_TEXT], const struct rt_module *module)
{
	static const char digits[] = "0123456789abcdef";
	for (unsigned i = 0; i < module->build_id_bytes; i++) {
		*text++ = digits[module->build_id[i] >> 4];
		*text++ = digits[module->build_id[i] & 15];
	}
	*text = 0;
}

void rt_types_ask(struct rt_unit *const *units, uint32_t count)
{
	const char **next = question.arguments;
	question.count = 0;
	if (!rt_options.rewrite_types)
		return;
	*next++ = "racetrack-report";
	*next++ = "--atomics";
	for (uint32_t i = 0; i < count && question.count < ASKED_MOST; i++) {
		if (units[i]->hooked /* hooks say it */ ||
			!rt_file_has_debug(units[i]->file, &units[i]->module))
			continue;
		put_id(question.ids[question.count], &units[i]->module);
		*next++ = units[i]->file->path;
		*next++ = question.ids[question.count];
		question.units[question.count++] = units[i];
	}
	*next = NULL;
	question.asked = question.count && rt_reporter_ask(question.arguments);
}

/* ---- the answer ---- */

/* "number address bytes stride count name", all but the last hexadecimal. Without bytes: a function's code, inlined, of `stride` bytes;
 * without a count, too: these were all of the file's. */
struct line {
	uint64_t number, address, bytes, stride, count;
	const char *name;
};

static bool read_number(const char **at, const char *end, uint64_t *number)
{
	const char *p = *at;
	for (*number = 0; p < end && *p != ' '; p++) {
		unsigned digit = *p <= '9' ? (unsigned)(*p - '0') : (unsigned)(*p - 'a') + 10;
		if (digit > 15 || *number >> 60)
			return false;
		*number = *number << 4 | digit;
	}
	bool some = p > *at && p < end;
	*at = p + 1;
	return some;
}

static bool read_line(const char *at, const char *end, struct line *line)
{
	bool is = read_number(&at, end, &line->number) && read_number(&at, end, &line->address) &&
		  read_number(&at, end, &line->bytes) && read_number(&at, end, &line->stride) &&
		  read_number(&at, end, &line->count);
	line->name = at;
	return is;
}

static RT_LIST(struct rt_declared) found;

static void add_operation(const struct rt_module *module, const struct line *line)
{
	uintptr_t from = module->base + line->address;
	bool stores;
	if (rt_named_moves_atomic(line->name))
		rt_operations_add(module, from, line->stride);
	else if (rt_named_is_operand(line->name, &stores))
		rt_operations_add_move(module, from, line->stride, stores);
}

static void add_line(const struct line *line)
{
	if (line->number >= question.count)
		return;
	const struct rt_module *module = &question.units[line->number]->module;
	if (!line->bytes && line->count) {
		add_operation(module, line);
		return;
	}
	if (!line->bytes) {
		rt_trait_add(RT_TRAIT_TOLD, module->whole.low, module->whole.high);
		return;
	}
	uintptr_t address = module->base + line->address;
	bool is = rt_module_is_variable(module, address, line->bytes, line->stride, line->count);
	struct rt_declared *place = is ? rt_list_add(&found) : NULL;
	if (place)
		*place = (struct rt_declared){
			address, line->stride, line->count, module->whole.low, (uint32_t)line->bytes};
}

void rt_types_take(bool alone)
{
	size_t bytes = 0;
	char *text = question.asked ? rt_reporter_answer(&bytes) : NULL, *end = text + bytes;
	question.asked = false;
	if (!text)
		return;
	for (char *at = text, *stop; at < end; at = stop + 1) {
		struct line line;
		for (stop = at; stop < end && *stop != '\n';)
			stop++;
		if (stop == end) /* it was cut */
			break;
		*stop = 0;
		if (read_line(at, stop, &line))
			add_line(&line);
	}
	rt_sys_munmap(text, bytes);
	rt_declared_add(found.at, found.count, alone);
	rt_list_fini(&found);
}
