#include "clones.h"

#include "rewrite/decode.h"
#include "rewrite/unit.h"
#include "shadow/engine.h"

#include <string.h>
#include <sys/mman.h>

static struct rt_unit unit;

bool clones_open(void)
{
	void *all = mmap((void *)GENERATE_TEXT, GENERATE_END - GENERATE_TEXT, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	void *stack = mmap((void *)GENERATE_STACK, GENERATE_STACK_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	return all != MAP_FAILED && stack != MAP_FAILED;
}

void clones_write_original(const struct generated *it)
{
	if (mmap((void *)GENERATE_TEXT, GENERATE_TEXT_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return;
	memcpy((void *)GENERATE_TEXT, it->code, sizeof(it->code));
	mprotect((void *)GENERATE_TEXT, GENERATE_TEXT_BYTES, PROT_READ | PROT_EXEC);
}

/* ---- a module ---- */

static bool make_module(const struct generated *it)
{
	struct rt_module *module = &unit.module;
	memset(&unit, 0, sizeof(unit));
	module->path = "";
	module->base = GENERATE_TEXT;
	module->whole = (struct rt_range){GENERATE_TEXT, GENERATE_END};
	module->text = (struct rt_code){GENERATE_TEXT, GENERATE_TEXT_BYTES, (const uint8_t *)GENERATE_TEXT};
	module->writable[module->writable_count++] = (struct rt_range){GENERATE_POINTERS, GENERATE_END};
	module->pointers[module->pointer_count++] = (struct rt_range){GENERATE_POINTERS, GENERATE_END};
	module->readable[module->readable_count++] = module->whole;
	module->thread_taken = it->takes_thread ? RT_THREAD_TAKEN : RT_THREAD_OWN;
	module->functions = rt_alloc(it->function_count * sizeof(*module->functions));
	if (!module->functions)
		return false;
	for (uint32_t f = 0; f < it->function_count; f++)
		if (it->functions[f].start < it->functions[f].end)
			module->functions[module->function_count++] =
				(struct rt_function){it->functions[f].start, it->functions[f].end, 0, 0};
	return module->function_count && rt_module_find_entries(module);
}

static void free_padding(uint32_t i)
{
	uint32_t next = i + 1 < unit.module.function_count ? unit.module.functions[i + 1].start
							   : unit.module.text.bytes;
	struct rt_padding padding = {0, 0};
	while (rt_body_padding(&unit.body, next, &padding))
		rt_patcher_free_bytes(unit.patcher, padding.start, padding.end - padding.start);
}

static void note_unused(struct clones *clones)
{
	for (uint32_t i = 0; i < unit.body.count; i++)
		clones->unused[unit.body.insns[i].offset] = unit.body.insns[i].memory[0].unused;
}

static enum rt_unit_result write_clones(struct clones *clones)
{
	unit.clones.count = unit.sites.count = unit.entries.count = unit.victims.count = 0;
	unit.links.count = unit.calls.count = unit.takes_flags.count = 0;
	for (uint32_t i = 0; i < unit.module.function_count; i++) {
		if (rt_body_read(&unit.body, &unit.module, &unit.module.functions[i]) != RT_BODY_WHOLE)
			continue;
		free_padding(i);
		enum rt_unit_result result = rt_clone_write(&unit);
		if (result != RT_UNIT_DONE)
			return result;
		note_unused(clones);
	}
	return !unit.flags_leave && rt_clones_hand_flags(&unit) ? RT_UNIT_AGAIN : RT_UNIT_DONE;
}

/* ---- jumps ---- */

static uintptr_t clone_entry(uint32_t offset)
{
	const struct rt_clone *clone = rt_clone_of(&unit, offset);
	if (clone && clone->start == offset)
		return clone->code;
	for (uint32_t i = 0; clone && i < unit.sites.count; i++)
		if (unit.sites.at[i].offset == offset)
			return unit.sites.at[i].clone;
	return 0;
}

static void resolve_links(void)
{
	for (uint32_t i = 0; i < unit.links.count; i++) {
		const struct rt_link *link = &unit.links.at[i];
		uintptr_t target = clone_entry(link->target);
		if (target)
			rt_word_put(rt_arena_at(unit.arena, link->field),
				(int32_t)(intptr_t)(target - (link->field + 4)));
	}
}

static unsigned function_at(const struct generated *it, uint32_t offset)
{
	unsigned f = 0;
	while (f + 1 < it->function_count && offset >= it->functions[f].end)
		f++;
	return f;
}

static void patch(const struct generated *it, struct clones *clones)
{
	for (uint32_t i = 0; i < unit.calls.count; i++) {
		const struct rt_clone *clone = rt_clone_of(&unit, unit.calls.at[i].target);
		if (clone && clone->start == unit.calls.at[i].target)
			rt_patcher_call(unit.patcher, unit.calls.at[i].offset, clone->code);
	}
	rt_patcher_victims(unit.patcher, unit.victims.at, unit.victims.count);
	for (uint32_t i = unit.entries.count; i-- > 0;) {
		struct rt_entry *entry = &unit.entries.at[i];
		const struct rt_patch_site *site = &unit.sites.at[entry->first_site];
		clones->entries += !entry->is_detour;
		if (rt_patcher_enter(unit.patcher, site, entry->site_count, &entry->hint) || entry->is_detour)
			continue;
		clones->unpatched++;
		clones->whole[function_at(it, site->offset)] = false;
	}
}

/* ---- the whole ---- */

static const char *rewrite(const struct generated *it, struct clones *clones)
{
	const char *why = NULL;
	if (!make_module(it))
		return "no module";
	unit.arena = rt_arena_create(unit.module.whole, 1 << 17, &why);
	if (!unit.arena)
		return why;
	unit.patcher = rt_patcher_create(&unit.module.text, unit.arena);
	if (!unit.patcher)
		return "no patcher";
	enum rt_unit_result result = write_clones(clones);
	if (result == RT_UNIT_AGAIN) {
		clones->hands_flags = unit.flags_leave = true;
		result = write_clones(clones);
	}
	if (result != RT_UNIT_DONE)
		return "no clones";
	for (uint32_t f = 0; f < it->function_count; f++) {
		const struct rt_clone *clone = rt_clone_of(&unit, it->functions[f].start);
		clones->cloned[f] = clone && clone->start == it->functions[f].start;
		clones->whole[f] = true;
	}
	resolve_links();
	patch(it, clones);
	if (!rt_arena_seal(unit.arena))
		return "not sealed";
	return rt_patcher_commit(unit.patcher, true) ? NULL : "not committed";
}

const char *clones_make(const struct generated *it, struct clones *clones)
{
	memset(clones, 0, sizeof(*clones));
	return rewrite(it, clones);
}

void clones_remove(void)
{
	rt_body_fini(&unit.body);
	rt_lanes_fini(&unit.lanes);
	rt_map_writer_fini(&unit.map);
	rt_check_fini(&unit.emitter);
	for (uint32_t i = 0; i < unit.clones.count; i++)
		rt_free(unit.clones.at[i].map.bytes, unit.clones.at[i].map.count);
	rt_list_fini(&unit.clones);
	rt_list_fini(&unit.takes_flags);
	rt_list_fini(&unit.sites);
	rt_list_fini(&unit.entries);
	rt_list_fini(&unit.victims);
	rt_list_fini(&unit.links);
	rt_list_fini(&unit.calls);
	rt_free(unit.labels, unit.label_room * sizeof(*unit.labels));
	if (unit.patcher)
		rt_patcher_destroy(unit.patcher);
	if (unit.arena)
		rt_arena_destroy(unit.arena);
	rt_module_fini(&unit.module);
	memset(&unit, 0, sizeof(unit));
}
