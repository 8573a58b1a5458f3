/* See decode.h. The layouts are in shadow/record_format.h, in the same order. */
#include "decode.h"

#include "decode_parts.h"
#include "demangle.h"

/* No writer comes near these: they keep a hostile file from making a small input into a huge output. */
enum { MOST_FRAMES = 8192, MOST_PARTIES = 64, MOST_LOCKS = 1024 };

#define CUT_SHORT "its fields reach past its end"

static const char *decode_process(struct report_process *process, struct report_cursor *in)
{
	process->pid = report_cursor_u32(in);
	process->parent_pid = report_cursor_u32(in);
	process->executable = report_cursor_string(in);
	process->folder = report_cursor_string(in);
	process->command = report_cursor_string(in);
	process->options = report_cursor_string(in);
	process->library = report_cursor_string(in);
	report_program_add(process, process->executable);
	return NULL;
}

static void drop_module(struct report_process *process, size_t index)
{
	process->module_count--;
	memmove(&process->modules[index], &process->modules[index + 1],
		(process->module_count - index) * sizeof(process->modules[0]));
}

/* A module that comes again moves to the end: the last one counts. Where there are too many, the one that was unloaded
 * first makes room. */
static void drop_modules(struct report_process *process, uint32_t id)
{
	size_t oldest = SIZE_MAX;
	for (size_t i = 0; i < process->module_count; i++) {
		if (process->modules[i].id == id) {
			drop_module(process, i);
			return;
		}
		if (oldest == SIZE_MAX && process->modules[i].unloaded)
			oldest = i;
	}
	if (process->module_count == REPORT_MOST_MODULES && oldest != SIZE_MAX)
		drop_module(process, oldest);
}

static const char *decode_module(struct report_process *process, struct report_cursor *in)
{
	struct report_module module = {.id = report_cursor_u32(in)};
	module.low = report_cursor_u64(in);
	module.high = report_cursor_u64(in);
	module.bias = report_cursor_u64(in);
	module.unloaded = report_cursor_u8(in);
	module.path = report_cursor_string(in);
	module.build_id = report_cursor_hex(in);
	if (in->failed)
		return NULL;
	drop_modules(process, module.id);
	if (process->module_count == REPORT_MOST_MODULES)
		return "it is one module too many";
	process->modules = report_array_grow(
		process->modules, process->module_count, &process->module_room, sizeof(module));
	process->modules[process->module_count++] = module;
	return NULL;
}

static const char *decode_function(struct report_process *process, struct report_cursor *in)
{
	uint32_t id = report_cursor_u32(in);
	const char *name = report_cursor_string(in);
	struct report_function *function;
	if (in->failed)
		return NULL;
	HASH_FIND(hh, process->functions, &id, sizeof(id), function);
	if (!function) {
		function = report_arena_take(1, sizeof(*function));
		function->id = id;
		HASH_ADD(hh, process->functions, id, sizeof(function->id), function);
	}
	function->name = report_name_demangle(name);
	return NULL;
}

static const char *decode_stack(struct report_process *process, struct report_cursor *in)
{
	uint32_t id = report_cursor_u32(in);
	uint32_t count = report_cursor_count(in, sizeof(uint64_t));
	struct report_stack *stack = report_stack_find(process, id);
	if (in->failed)
		return NULL;
	if (count > MOST_FRAMES)
		return "its stack is too deep";
	if (!stack) {
		stack = report_arena_take(1, sizeof(*stack));
		stack->id = id;
		HASH_ADD(hh, process->stacks, id, sizeof(stack->id), stack);
	}
	stack->frames = NULL;
	stack->count = count;
	stack->pcs = report_arena_take(count, sizeof(uint64_t));
	for (uint32_t i = 0; i < count; i++)
		stack->pcs[i] = report_cursor_u64(in);
	return NULL;
}

static const char *decode_thread(struct report_process *process, struct report_cursor *in)
{
	uint32_t id = report_cursor_u32(in);
	struct report_thread *thread = report_thread_find(process, id);
	struct report_thread facts = {.parent = report_cursor_u32(in)};
	facts.kernel_id = report_cursor_u32(in);
	facts.stack = report_cursor_u32(in);
	facts.flags = report_cursor_u8(in);
	facts.name = report_cursor_string(in);
	facts.pid = report_cursor_u32(in);
	facts.number = report_cursor_u32(in);
	if (in->failed)
		return NULL;
	if (!thread) {
		thread = report_arena_take(1, sizeof(*thread));
		thread->id = id;
		HASH_ADD(hh, process->threads, id, sizeof(thread->id), thread);
	}
	thread->parent = facts.parent;
	thread->kernel_id = facts.kernel_id;
	thread->stack = facts.stack;
	thread->flags = facts.flags;
	thread->name = facts.name;
	thread->pid = facts.pid == process->pid ? 0 : facts.pid;
	thread->number = facts.number ? facts.number : id;
	return NULL;
}

static const char *decode_sync(struct report_process *process, struct report_cursor *in)
{
	uint32_t id = report_cursor_u32(in);
	struct report_sync *sync = report_sync_find(process, id);
	uint64_t address = report_cursor_u64(in);
	uint32_t stack = report_cursor_u32(in);
	const char *kind = report_cursor_string(in), *name = report_cursor_string(in);
	if (in->failed)
		return NULL;
	if (!sync) {
		sync = report_arena_take(1, sizeof(*sync));
		sync->id = id;
		HASH_ADD(hh, process->syncs, id, sizeof(sync->id), sync);
	}
	sync->address = address;
	sync->stack = stack;
	sync->kind = kind;
	sync->name = name;
	return NULL;
}

static const char *decode_party(
	struct report_process *process, struct report_party *party, struct report_cursor *in)
{
	party->thread = report_cursor_u32(in);
	party->pid = report_cursor_u32(in);
	/* here and not when it is shown: a pid may be another process's by then */
	party->peer = party->pid == process->pid ? NULL : report_peer_find(process, party->pid);
	party->kind = report_cursor_u8(in);
	party->atomic = report_cursor_u8(in);
	party->address = report_cursor_u64(in);
	party->size = report_cursor_u64(in);
	party->stack = report_cursor_u32(in);
	party->lock_count = report_cursor_count(in, 5);
	if (party->kind >= RT_KIND_COUNT)
		return "it names a kind of access that does not exist";
	if (party->lock_count > MOST_LOCKS)
		return "it holds too many locks";
	party->locks = report_arena_take(party->lock_count, sizeof(party->locks[0]));
	for (uint32_t i = 0; i < party->lock_count; i++) {
		party->locks[i].sync = report_cursor_u32(in);
		party->locks[i].mode = report_cursor_u8(in);
		if (party->locks[i].mode > RT_LOCK_SHARED)
			return "it names a lock mode that does not exist";
	}
	return NULL;
}

static const char *decode_location(struct report_location *location, struct report_cursor *in)
{
	location->kind = report_cursor_u8(in);
	location->address = report_cursor_u64(in);
	location->size = report_cursor_u64(in);
	location->name = report_cursor_string(in);
	location->thread = report_cursor_u32(in);
	location->stack = report_cursor_u32(in);
	location->freed_thread = report_cursor_u32(in);
	location->freed_stack = report_cursor_u32(in);
	location->module = report_cursor_u32(in);
	location->offset = report_cursor_u64(in);
	return location->kind > RT_LOCATION_THREAD_LOCAL ? "it names a kind of location that does not exist"
							 : NULL;
}

/* Of a free as the earlier side only those bytes are known that the later one touches; it freed the block. */
static void widen_free(struct report_party *party, const struct report_location *location)
{
	if (party->kind != RT_FREE || location->kind != RT_LOCATION_HEAP ||
		party->address < location->address || party->size > location->size ||
		party->address - location->address > location->size - party->size)
		return;
	party->address = location->address;
	party->size = location->size;
}

static const char *decode_finding(struct report_process *process, struct report_cursor *in)
{
	struct report_finding *finding = report_arena_take(1, sizeof(*finding));
	const char *wrong = NULL;
	finding->process = process;
	finding->rule = report_cursor_string(in);
	finding->certainty = report_cursor_u8(in);
	finding->message = report_cursor_string(in);
	finding->party_count = report_cursor_count(in, 34);
	if (finding->certainty > RT_NOTE)
		return "it names a certainty that does not exist";
	if (finding->party_count > MOST_PARTIES)
		return "it has too many parties";
	finding->parties = report_arena_take(finding->party_count, sizeof(finding->parties[0]));
	for (uint32_t i = 0; i < finding->party_count && !wrong; i++)
		wrong = decode_party(process, &finding->parties[i], in);
	if (!wrong)
		wrong = decode_location(&finding->location, in);
	for (uint32_t i = 0; i < finding->party_count && !wrong; i++)
		widen_free(&finding->parties[i], &finding->location);
	/* The library knows blocks, stacks and mappings; what lies in a module else is a variable of its. */
	if (finding->location.kind == RT_LOCATION_UNKNOWN &&
		report_module_find(process, finding->location.address))
		finding->location.kind = RT_LOCATION_GLOBAL;
	finding->overlap_address = report_cursor_u64(in);
	finding->overlap_size = report_cursor_u64(in);
	finding->variable = report_cursor_u64(in);
	finding->object = report_object_find(process, report_cursor_u32(in));
	finding->object_offset = report_cursor_u64(in);
	if (wrong || in->failed)
		return wrong;
	process->findings = report_array_grow(process->findings, process->finding_count,
		&process->finding_room, sizeof(process->findings[0]));
	process->findings[process->finding_count++] = finding;
	return NULL;
}

static const char *decode_counters(struct report_process *process, struct report_cursor *in)
{
	uint32_t count = report_cursor_count(in, 12);
	struct report_counter *counters = report_arena_take(count, sizeof(counters[0]));
	for (uint32_t i = 0; i < count; i++) {
		counters[i].name = report_cursor_string(in);
		counters[i].value = report_cursor_u64(in);
	}
	if (in->failed)
		return NULL;
	process->counters = counters;
	process->counter_count = count;
	return NULL;
}

static const char *decode_loss(struct report_process *process, struct report_cursor *in)
{
	const char *text = report_cursor_string(in);
	if (in->failed)
		return NULL;
	process->losses = report_array_grow(
		process->losses, process->loss_count, &process->loss_room, sizeof(process->losses[0]));
	process->losses[process->loss_count++] = text;
	return NULL;
}

static const char *decode_end(struct report_process *process, struct report_cursor *in)
{
	uint8_t how = report_cursor_u8(in);
	uint32_t status = report_cursor_u32(in);
	if (in->failed)
		return NULL;
	if (how > RT_END_ABORT)
		return "it names a way to end that does not exist";
	process->ended = true;
	process->end_how = how;
	process->end_status = status;
	return NULL;
}

static const char *decode_suppressions(struct report_process *process, struct report_cursor *in)
{
	const char *text = report_cursor_string(in);
	if (!in->failed)
		process->suppressions = text;
	return NULL;
}

const char *report_record_decode(
	struct report_process *process, uint32_t kind, const unsigned char *payload, size_t bytes)
{
	typedef const char *decode_fn(struct report_process *, struct report_cursor *);
	static decode_fn *const decoders[] = {
		[RT_RECORD_PROCESS] = decode_process,
		[RT_RECORD_MODULE] = decode_module,
		[RT_RECORD_FUNCTION] = decode_function,
		[RT_RECORD_STACK] = decode_stack,
		[RT_RECORD_THREAD] = decode_thread,
		[RT_RECORD_SYNC] = decode_sync,
		[RT_RECORD_FINDING] = decode_finding,
		[RT_RECORD_COUNTERS] = decode_counters,
		[RT_RECORD_LOSS] = decode_loss,
		[RT_RECORD_END] = decode_end,
		[RT_RECORD_SUPPRESSIONS] = decode_suppressions,
		[RT_RECORD_REWRITTEN] = report_rewritten_decode,
		[RT_RECORD_PEER] = report_peer_decode,
		[RT_RECORD_OBJECT] = report_object_decode,
		[RT_RECORD_MAPPING] = report_mapping_decode,
	};
	struct report_cursor in = {payload, payload + bytes, false};
	const char *wrong;
	if (kind >= sizeof(decoders) / sizeof(decoders[0]) || !decoders[kind])
		return NULL;
	wrong = decoders[kind](process, &in);
	return in.failed ? CUT_SHORT : wrong;
}
