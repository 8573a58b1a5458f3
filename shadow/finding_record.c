#include "finding_record.h"

#include "access.h"
#include "module.h"
#include "options.h"
#include "published.h"
#include "process.h"
#include "process_record.h"
#include "record.h"
#include "shared_finding.h"
#include "sync.h"
#include "sys.h"

static struct rt_spin spin;
static RT_AT_FORK uint32_t generation = 1; /* of the record file: what is marked with it has been written */

uint32_t rt_finding_generation(void)
{
	return generation;
}

void rt_finding_lock(void)
{
	rt_spin_lock(&spin);
}

void rt_finding_unlock(void)
{
	rt_spin_unlock(&spin);
}

void rt_finding_record_forked(void)
{
	generation++;
	rt_modules_forget();
	rt_sync_forked();
}

/* ---- what a finding refers to ---- */

/* The innermost ones: announced calls, and those of rewritten code, have no limit by themselves. */
static void put_frame(void *argument, uint64_t pc)
{
	uint32_t *count = argument, most = (uint32_t)rt_options.stack_depth;
	if (*count > most)
		return;
	rt_record_u64(*count < most ? pc : RT_PC_OMITTED);
	++*count;
}

void rt_finding_record_function(uint64_t pc)
{
	if (pc >= RT_PC_FIRST_FUNCTION && pc < RT_PC_FUNCTIONS)
		rt_process_record_function((uint32_t)pc, generation);
}

static void record_function_of(void *argument, uint64_t pc)
{
	(void)argument;
	rt_finding_record_function(pc);
}

static void record_stack(rt_ctx_t context)
{
	if (context & RT_CTX_SESSION) {
		rt_shared_record_stack(context);
		return;
	}
	struct rt_trie_node *node = &rt_contexts.nodes[context];
	if (!context || node->mark == generation)
		return;
	node->mark = generation;
	rt_context_frames(context, record_function_of, NULL);
	rt_record_begin(RT_RECORD_STACK);
	rt_record_u32(context);
	size_t hole = rt_record_hole();
	uint32_t count = 0;
	rt_context_frames(context, put_frame, &count);
	rt_record_fill(hole, count);
	rt_record_commit();
}

static void record_thread(uint32_t id)
{
	if (id & RT_CTX_SESSION) {
		rt_shared_record_thread(id);
		return;
	}
	struct rt_thread_info *info = rt_thread_info_of(id);
	if (!info || info->recorded)
		return;
	info->recorded = true;
	record_thread(info->parent);
	record_stack(info->created_at);
	rt_record_begin(RT_RECORD_THREAD);
	rt_record_u32(info->id);
	rt_record_u32(info->parent);
	rt_record_u32((uint32_t)info->tid);
	rt_record_u32(info->created_at);
	rt_record_u8(info->flags);
	rt_record_str(info->name);
	rt_record_u32(0);
	rt_record_u32(0);
	rt_record_commit();
}

/* What another process held is not told. */
static uint32_t lockset_of(rt_ctx_t context)
{
	return context & RT_CTX_SESSION ? 0 : rt_context_lockset(context);
}

static void record_locks_of(rt_ctx_t context)
{
	for (uint32_t set = lockset_of(context); set; set = rt_locksets.nodes[set].parent) {
		uint32_t id = (uint32_t)(rt_locksets.nodes[set].key >> 1);
		struct rt_sync_info *info = rt_sync_info_of(id);
		if (!info || info->recorded)
			continue;
		info->recorded = true;
		record_stack(info->created_at);
		rt_record_begin(RT_RECORD_SYNC);
		rt_record_u32(id);
		rt_record_u64(info->key);
		rt_record_u32(info->created_at);
		rt_record_str(info->kind);
		rt_record_str("");
		rt_record_commit();
	}
}

static void put_locks(rt_ctx_t context)
{
	uint32_t count = 0;
	size_t hole = rt_record_hole();
	for (uint32_t set = lockset_of(context); set; set = rt_locksets.nodes[set].parent, count++) {
		uint64_t key = rt_locksets.nodes[set].key;
		rt_record_u32((uint32_t)(key >> 1));
		rt_record_u8(key & 1 ? RT_LOCK_SHARED : RT_LOCK_EXCLUSIVE);
	}
	rt_record_fill(hole, count);
}

/* ---- the record ---- */

/* What an access does, without how it was seen; that it is atomic is told beside it. */
static enum rt_access_kind plain_kind(enum rt_access_kind kind)
{
	if (kind < RT_ATOMIC_READ)
		return kind;
	return rt_kind_bits[kind] & RT_CELL_WRITE ? RT_WRITE : RT_READ;
}

static void put_side(const struct rt_side *side)
{
	rt_record_u32(side->thread);
	rt_record_u32(
		side->thread & RT_CTX_SESSION ? rt_shared_pid(side->thread) : (uint32_t)rt_sys_getpid());
	rt_record_u8((uint8_t)plain_kind(side->kind));
	rt_record_u8(side->atomic);
	rt_record_u64(side->address);
	rt_record_u64(side->bytes);
	rt_record_u32(side->context);
	put_locks(side->context);
}

static void put_location(const struct rt_memory_location *location)
{
	rt_record_u8((uint8_t)location->kind);
	rt_record_u64(location->address);
	rt_record_u64(location->bytes);
	rt_record_str(location->name ? location->name : "");
	rt_record_u32(location->thread);
	rt_record_u32(location->context);
	rt_record_u32(location->freed_thread);
	rt_record_u32(location->freed_context);
	rt_record_u32(location->module);
	rt_record_u64(location->offset);
}

void rt_finding_record(const struct rt_finding *finding, struct rt_memory_location *location)
{
	rt_process_record_self(generation);
	rt_modules_record();
	rt_memory_locate(finding->overlap, location);
	if (finding->shared)
		location->kind = RT_LOCATION_SHARED;
	for (uint32_t i = 0; i < finding->count; i++) {
		record_stack(finding->sides[i].context);
		record_thread(finding->sides[i].thread);
		record_locks_of(finding->sides[i].context);
	}
	record_stack(location->context);
	record_stack(location->freed_context);
	record_thread(location->thread);
	record_thread(location->freed_thread);
	uint32_t object = finding->shared ? rt_shared_record_object(finding->shared, finding->overlap) : 0;
	rt_record_begin(RT_RECORD_FINDING);
	rt_record_str(finding->rule);
	rt_record_u8(finding->certainty);
	rt_record_str(finding->message ? finding->message : "");
	rt_record_u32(finding->count);
	for (uint32_t i = 0; i < finding->count; i++)
		put_side(&finding->sides[i]);
	put_location(location);
	rt_record_u64(finding->overlap);
	rt_record_u64(finding->overlap_bytes);
	rt_record_u64(finding->variable);
	rt_record_u32(object);
	rt_record_u64(object ? finding->shared->offset + (finding->overlap - finding->shared->low) : 0);
	rt_record_commit();
}

void rt_modules_changing(void)
{
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_finding_lock();
	rt_modules_record();
	rt_finding_unlock();
	rt_leave(self);
}
