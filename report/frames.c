/* See frames.h. */
#include "frames.h"

#include <string.h>

static const char *stripped_prefix = "";

void report_frames_strip(const char *prefix)
{
	stripped_prefix = prefix;
}

const char *report_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static bool starts_with_any(const char *text, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (starts_with(text, *prefixes))
			return true;
	return false;
}

static enum report_frame_kind classify_frame(
	const struct report_process *process, const struct report_frame *frame)
{
	static const char *const ours[] = {"rt_slice_", "rt_map_", "racetrack_", NULL};
	static const char *const modules[] = {
		"/lib/", "/lib32/", "/lib64/", "/usr/lib/", "/usr/lib32/", "/usr/lib64/", "[", NULL};
	static const char *const headers[] = {"/usr/include/", "/usr/lib/", NULL};
	if (!frame->module)
		return REPORT_FRAME_UNKNOWN;
	if (starts_with(report_path_base(frame->module), "libracetrack") ||
		(frame->function && starts_with_any(frame->function, ours)))
		return REPORT_FRAME_TOOL;
	/* a program that is installed among the libraries is a program all the same */
	if (starts_with_any(frame->module, modules) && !report_program_find(process, frame->module))
		return REPORT_FRAME_SYSTEM;
	if (frame->function && !strcmp(frame->function, "_start"))
		return REPORT_FRAME_SYSTEM;
	if (frame->path && starts_with_any(frame->path, headers))
		return REPORT_FRAME_SYSTEM;
	return REPORT_FRAME_PROJECT;
}

/* The name that is shown is the compiler's; the one that is opened is absolute where that can be known. */
static void set_path(struct report_frame *frame, const struct report_place *place)
{
	frame->file = frame->path = place->file;
	if (place->file && *place->file != '/' && place->folder)
		frame->path = report_arena_format("%s/%s", place->folder, place->file);
}

static void strip_file(struct report_frame *frame)
{
	size_t bytes = strlen(stripped_prefix);
	if (!frame->file || !bytes || strncmp(frame->file, stripped_prefix, bytes))
		return;
	frame->file += bytes;
	while (*frame->file == '/')
		frame->file++;
}

struct frame_list {
	struct report_frame *frames; /* from malloc */
	size_t count, room;
};

static struct report_frame *add_frame(struct frame_list *list)
{
	list->frames = report_array_grow(list->frames, list->count, &list->room, sizeof(list->frames[0]));
	memset(&list->frames[list->count], 0, sizeof(list->frames[0]));
	return &list->frames[list->count++];
}

static struct report_image *image_of(struct report_module *module)
{
	if (!module->image)
		module->image = report_image_get(module->path, module->build_id);
	return module->image;
}

/* pre: `pc` lies in the instruction that was running, not behind it. */
static void add_code(struct report_process *process, struct frame_list *list, uint64_t pc)
{
	struct report_module *module = report_module_find(process, pc);
	const struct report_places *places;
	if (!module) {
		struct report_frame *frame = add_frame(list);
		frame->kind = REPORT_FRAME_UNKNOWN;
		frame->pc = pc;
		return;
	}
	places = report_image_places(image_of(module), pc - module->bias);
	for (size_t i = 0; i < places->count; i++) {
		struct report_frame *frame = add_frame(list);
		frame->inlined = i + 1 < places->count;
		frame->function = places->places[i].function;
		set_path(frame, &places->places[i]);
		frame->line = places->places[i].line;
		frame->column = places->places[i].column;
		frame->module = module->path;
		frame->build_id = module->build_id;
		frame->trouble = report_image_trouble(module->image);
		frame->pc = pc;
		frame->offset = pc - module->bias;
		strip_file(frame);
		frame->kind = classify_frame(process, frame);
	}
}

static void add_function(struct report_process *process, struct frame_list *list, uint32_t id)
{
	struct report_frame *frame = add_frame(list);
	frame->kind = REPORT_FRAME_TOOL;
	frame->function = report_function_find(process, id);
	frame->module = "libracetrack.so";
	frame->build_id = "";
	frame->pc = id;
}

/* The containers' static helpers have no telling names, but share the source file of the function that called them. */
static void mark_helpers(struct frame_list *list)
{
	for (size_t i = list->count; i-- > 1;) {
		struct report_frame *inner = &list->frames[i - 1], *outer = &list->frames[i];
		if (outer->kind == REPORT_FRAME_TOOL && inner->kind == REPORT_FRAME_PROJECT && outer->path &&
			inner->path && !strcmp(outer->path, inner->path) &&
			!strcmp(outer->module, inner->module))
			inner->kind = REPORT_FRAME_TOOL;
	}
}

/* What runs before main or a thread's function, or one that is told of something by the C library in a thread, through this
 * library. In a libc without symbols these frames have no names. */
static bool is_startup(const struct report_frame *frame)
{
	static const char *const names[] = {"__libc_start", "start_thread", "clone", "__clone",
		"__GI___clone", "timer_sigev_thread", "notification_function", NULL};
	if (frame->function && !strcmp(frame->function, "_start"))
		return true;
	if (frame->kind == REPORT_FRAME_TOOL)
		return starts_with(report_path_base(frame->module), "libracetrack.so");
	return frame->kind == REPORT_FRAME_SYSTEM &&
	       starts_with(report_path_base(frame->module), "libc.so") &&
	       (!frame->function || starts_with_any(frame->function, names));
}

static size_t count_startup(const struct report_frames *frames)
{
	size_t count = 0;
	while (count < frames->count && is_startup(&frames->frames[frames->count - 1 - count]))
		count++;
	return count < frames->count ? count : 0;
}

static const struct report_frame *find_top(const struct report_frames *frames)
{
	const struct report_frame *second = NULL;
	for (size_t i = 0; i < frames->count; i++) {
		const struct report_frame *frame = &frames->frames[i];
		if (frame->kind == REPORT_FRAME_PROJECT)
			return frame;
		if (!second && frame->kind != REPORT_FRAME_TOOL && frame->kind != REPORT_FRAME_OMITTED)
			second = frame;
	}
	return second ? second : frames->count ? &frames->frames[0] : NULL;
}

static struct report_frames *read_frames(struct report_process *process, const struct report_stack *stack)
{
	struct report_frames *frames = report_arena_take(1, sizeof(*frames));
	struct frame_list list = {0};
	bool exact = false;
	for (uint32_t i = 0; i < stack->count; i++) {
		uint64_t pc = stack->pcs[i];
		if (pc == RT_PC_EXACT) {
			exact = true;
			continue;
		}
		if (pc == RT_PC_OMITTED)
			add_frame(&list)->kind = REPORT_FRAME_OMITTED;
		else if (pc < RT_PC_FUNCTIONS)
			add_function(process, &list, (uint32_t)pc);
		else
			add_code(process, &list, exact ? pc : pc - 1);
		exact = false;
	}
	mark_helpers(&list);
	frames->count = list.count;
	frames->frames = report_arena_take(list.count, sizeof(list.frames[0]));
	if (list.count)
		memcpy(frames->frames, list.frames, list.count * sizeof(list.frames[0]));
	free(list.frames);
	frames->startup = count_startup(frames);
	frames->top = find_top(frames);
	return frames;
}

const struct report_frames *report_frames_get(struct report_process *process, uint32_t id)
{
	static const struct report_frames none;
	struct report_stack *stack = report_stack_find(process, id);
	if (!stack)
		return &none;
	if (!stack->frames)
		stack->frames = read_frames(process, stack);
	return stack->frames;
}

bool report_global_find(struct report_process *process, uint64_t address, struct report_variable *variable,
	struct report_module **module)
{
	*module = report_module_find(process, address);
	if (!*module)
		return false;
	if (!report_image_variable(image_of(*module), address - (*module)->bias, variable))
		return false;
	variable->address += (*module)->bias;
	return true;
}

static bool find_local(
	const struct report_finding *finding, struct report_variable *variable, struct report_module **module)
{
	const struct report_location *location = &finding->location;
	*module = report_module_get(finding->process, location->module);
	if (!*module || !report_image_local(image_of(*module), location->offset, variable))
		return false;
	variable->address += location->address - location->offset;
	return true;
}

bool report_location_variable(
	const struct report_finding *finding, struct report_variable *variable, struct report_module **module)
{
	*module = NULL;
	switch (finding->location.kind) {
	case RT_LOCATION_GLOBAL:
		return report_global_find(finding->process, finding->location.address, variable, module);
	case RT_LOCATION_THREAD_LOCAL:
		return find_local(finding, variable, module);
	default:
		return false;
	}
}
