/* Look-ups in the model. See model.h. */
#include "model.h"

struct report_stack *report_stack_find(const struct report_process *process, uint32_t id)
{
	struct report_stack *stack = NULL;
	if (id)
		HASH_FIND(hh, process->stacks, &id, sizeof(id), stack);
	return stack;
}

struct report_thread *report_thread_find(const struct report_process *process, uint32_t id)
{
	struct report_thread *thread = NULL;
	if (id)
		HASH_FIND(hh, process->threads, &id, sizeof(id), thread);
	return thread;
}

struct report_sync *report_sync_find(const struct report_process *process, uint32_t id)
{
	struct report_sync *sync = NULL;
	if (id)
		HASH_FIND(hh, process->syncs, &id, sizeof(id), sync);
	return sync;
}

struct report_peer *report_peer_find(const struct report_process *process, uint32_t pid)
{
	struct report_peer *peer = NULL;
	if (pid)
		HASH_FIND(hh, process->peers, &pid, sizeof(pid), peer);
	return peer;
}

struct report_object *report_object_find(const struct report_process *process, uint32_t id)
{
	struct report_object *object = NULL;
	if (id)
		HASH_FIND(hh, process->objects, &id, sizeof(id), object);
	return object;
}

bool report_program_find(const struct report_process *process, const char *path)
{
	struct report_program *program;
	HASH_FIND_STR(process->programs, path, program);
	return program != NULL;
}

const char *report_function_find(const struct report_process *process, uint32_t id)
{
	struct report_function *function = NULL;
	if (id)
		HASH_FIND(hh, process->functions, &id, sizeof(id), function);
	return function ? function->name : NULL;
}

struct report_module *report_module_get(const struct report_process *process, uint32_t id)
{
	for (size_t i = process->module_count; id && i-- > 0;)
		if (process->modules[i].id == id)
			return &process->modules[i];
	return NULL;
}

struct report_module *report_module_find(const struct report_process *process, uint64_t address)
{
	struct report_module *gone = NULL;
	for (size_t i = process->module_count; i-- > 0;) {
		struct report_module *module = &process->modules[i];
		if (address < module->low || address >= module->high)
			continue;
		if (!module->unloaded)
			return module;
		if (!gone)
			gone = module;
	}
	return gone;
}
