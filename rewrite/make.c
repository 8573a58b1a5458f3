/* One module: its clones, from the cache or made, and its patches. */
#include "unit.h"

#include "cache.h"
#include "choice.h"
#include "coverage.h"
#include "locking.h"
#include "named.h"
#include "restartable.h"
#include "selftest.h"
#include "shadow/engine.h"
#include "shadow/process.h"

void rt_unit_give_back(struct rt_unit *unit)
{
	rt_module_forget_entries(&unit->module);
	rt_body_fini(&unit->body);
	rt_lift_fini(&unit->lifted);
	rt_lanes_fini(&unit->lanes);
	rt_map_writer_fini(&unit->map);
	rt_check_fini(&unit->emitter);
	rt_list_fini(&unit->sites);
	rt_list_fini(&unit->entries);
	rt_list_fini(&unit->victims);
	rt_list_fini(&unit->links);
	rt_list_fini(&unit->calls);
	rt_list_fini(&unit->takes_flags);
	rt_list_fini(&unit->paddings);
	rt_list_fini(&unit->moves);
	rt_list_fini(&unit->waited);
	rt_hooks_close(&unit->hooks);
	rt_own_frame_fini(&unit->own_frame);
	rt_free(unit->labels, unit->label_room * sizeof(*unit->labels));
	rt_free(unit->chosen, rt_choice_bytes(&unit->module));
	rt_free(unit->named, unit->named ? rt_named_bytes(&unit->module) : 0);
	unit->labels = NULL;
	unit->chosen = unit->named = NULL;
}

static void start_anew(struct rt_unit *unit)
{
	rt_bytes_zero(&unit->coverage, sizeof(unit->coverage));
	if (unit->clones.count)
		rt_arena_back(unit->arena, unit->clones.at[0].code);
	unit->clones.count = unit->sites.count = unit->entries.count = unit->victims.count = 0;
	unit->links.count = unit->calls.count = unit->paddings.count = unit->moves.count = 0;
	unit->takes_flags.count = unit->waited.count = 0;
	unit->moves.failed = false;
}

/* Why a function is left as it is; RT_SKIP_NONE: it is not. The containers' locks order nothing: if those of their functions
 * that the linker put into the program were rewritten, they would. So it is with a detector's own interface. */
static enum rt_skip why_left(const struct rt_unit *unit, uint32_t i)
{
	uintptr_t start = unit->module.text.start + unit->module.functions[i].start;
	if ((start >= unit->told.low && start < unit->told.high) ||
		rt_named_is(unit->named, &unit->module, i, RT_NAMED_INTERFACE))
		return RT_SKIP_TOLD;
	if (rt_restartable_holds(
		    unit->sequences, start, unit->module.text.start + unit->module.functions[i].end))
		return RT_SKIP_RESTARTABLE;
	return rt_bit(unit->chosen, i) ? RT_SKIP_NONE : RT_SKIP_CHOSEN;
}

/* What lies behind the last instructions, up to the next function, has no use. False: no memory. */
static bool find_padding(struct rt_unit *unit, uint32_t i)
{
	const struct rt_body *body = &unit->body;
	uint32_t next = i + 1 < unit->module.function_count ? unit->module.functions[i + 1].start
							    : unit->module.text.bytes;
	struct rt_padding padding = {0, 0};
	while (rt_body_padding(body, next, &padding)) {
		struct rt_padding *place = rt_list_add(&unit->paddings);
		if (!place)
			return false;
		*place = padding;
	}
	return true;
}

static enum rt_unit_result write_clones(struct rt_unit *unit)
{
	start_anew(unit);
	for (uint32_t i = 0; i < unit->module.function_count; i++) {
		const struct rt_function *function = &unit->module.functions[i];
		unit->coverage.functions++;
		unit->coverage.function_bytes += function->end - function->start;
		enum rt_skip left = why_left(unit, i);
		if (left) {
			rt_coverage_leave(unit, function, left);
			continue;
		}
		switch (rt_body_read(&unit->body, &unit->module, function)) {
		case RT_BODY_WHOLE:
			break;
		case RT_BODY_BAD:
			rt_coverage_leave(unit, function, RT_SKIP_UNDECODED);
			continue;
		case RT_BODY_NO_ROOM:
			return RT_UNIT_NO_ROOM;
		}
		if (!find_padding(unit, i))
			return RT_UNIT_NO_ROOM;
		enum rt_unit_result result = rt_clone_write(unit);
		if (result != RT_UNIT_DONE)
			return result;
	}
	return !unit->flags_leave && rt_clones_hand_flags(unit) ? RT_UNIT_AGAIN : RT_UNIT_DONE;
}

/* The clone of the instruction at an offset of the text; 0: none that can be entered. */
static uintptr_t clone_entry(const struct rt_unit *unit, uint32_t offset)
{
	const struct rt_clone *clone = rt_clone_of(unit, offset);
	if (!clone)
		return 0;
	if (clone->start == offset)
		return clone->code;
	uint32_t low = 0, high = unit->sites.count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (unit->sites.at[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < unit->sites.count && unit->sites.at[low].offset == offset ? unit->sites.at[low].clone
									       : 0;
}

/* Jumps from clone to clone. */
static void resolve_links(struct rt_unit *unit)
{
	for (uint32_t i = 0; i < unit->links.count; i++) {
		const struct rt_link *link = &unit->links.at[i];
		uintptr_t target = clone_entry(unit, link->target);
		if (!target)
			continue;
		int32_t distance = (int32_t)(intptr_t)(target - (link->field + 4));
		rt_word_put(rt_arena_at(unit->arena, link->field), distance);
	}
}

static void patch_entry(struct rt_unit *unit, struct rt_entry *entry)
{
	entry->failed = !rt_patcher_enter(
		unit->patcher, &unit->sites.at[entry->first_site], entry->site_count, &entry->hint);
}

static void patch_entries(struct rt_unit *unit)
{
	for (uint32_t i = unit->entries.count; i--;) {
		unit->entries.at[i].failed = false; /* it may come from the cache */
		if (!unit->entries.at[i].is_detour)
			patch_entry(unit, &unit->entries.at[i]);
	}
	rt_patcher_look_back(unit->patcher);
	for (uint32_t i = unit->entries.count; i--;)
		if (unit->entries.at[i].failed)
			patch_entry(unit, &unit->entries.at[i]);
}

static uint32_t function_of(const struct rt_unit *unit, uint32_t entry)
{
	const struct rt_patch_site *site = &unit->sites.at[unit->entries.at[entry].first_site];
	const struct rt_clone *clone = rt_clone_of(unit, site->offset);
	return clone ? clone->start : site->offset;
}

/* Of functions an entry of which can't be patched. */
static void patch_detours(struct rt_unit *unit)
{
	for (uint32_t end = unit->entries.count, first; end; end = first) {
		first = end - 1;
		uint32_t function = function_of(unit, first);
		bool failed = unit->entries.at[first].failed;
		while (first && function_of(unit, first - 1) == function)
			failed |= unit->entries.at[--first].failed;
		for (uint32_t i = end; failed && i-- > first;)
			if (unit->entries.at[i].is_detour)
				patch_entry(unit, &unit->entries.at[i]);
	}
}

static void count_entries(struct rt_unit *unit)
{
	for (uint32_t i = 0; i < unit->entries.count; i++) {
		const struct rt_entry *entry = &unit->entries.at[i];
		unit->coverage.entries += !entry->is_detour;
		if (!entry->failed)
			continue;
		unit->coverage.unpatched += !entry->is_detour;
		unit->coverage.unordered += entry->orders;
		unit->coverage.skipped[RT_SKIP_UNREACHED] += entry->accesses;
		unit->coverage.checked -= entry->accesses;
	}
}

static void patch(struct rt_unit *unit)
{
	for (uint32_t i = 0; i < unit->paddings.count; i++) {
		const struct rt_padding *padding = &unit->paddings.at[i];
		rt_patcher_free_bytes(unit->patcher, padding->start, padding->end - padding->start);
	}
	for (uint32_t i = 0; i < unit->calls.count; i++) {
		const struct rt_clone *clone = rt_clone_of(unit, unit->calls.at[i].target);
		if (clone && clone->start == unit->calls.at[i].target)
			rt_patcher_call(unit->patcher, unit->calls.at[i].offset, clone->code);
	}
	rt_patcher_victims(unit->patcher, unit->victims.at, unit->victims.count);
	patch_entries(unit);
	patch_detours(unit);
	count_entries(unit);
}

/* The clones, and what patches have to know of them. */
static bool make(struct rt_unit *unit)
{
	struct rt_module *module = &unit->module;
	if (!rt_module_find_functions(module) || !rt_module_find_entries(module))
		return false;
	unit->named = rt_named_find(module, unit->file);
	unit->chosen = rt_choice_functions(module, unit->file);
	if (!unit->chosen || (unit->partial && !rt_locking_choose(unit)) ||
		(unit->hooked && !rt_hooks_open(&unit->hooks, module, unit->file)))
		return false;
	enum rt_unit_result result = write_clones(unit);
	if (result == RT_UNIT_AGAIN) {
		unit->flags_leave = true;
		result = write_clones(unit);
	}
	if (result != RT_UNIT_DONE)
		return false;
	rt_coverage_find_outside(unit);
	resolve_links(unit);
	return true;
}

bool rt_unit_rewrite(struct rt_unit *unit)
{
	unit->told = rt_file_section(unit->file, &unit->module, "racetrack_containers");
	unit->sequences = rt_restartable_find(unit->file, &unit->module);
	rt_cache_identify(unit);
	bool is_loaded = rt_cache_load(unit);
	unit->patcher = is_loaded || make(unit) ? rt_patcher_create(&unit->module.text, unit->arena) : NULL;
	if (unit->patcher) {
		struct rt_coverage coverage;
		rt_bytes_copy(&coverage, &unit->coverage, sizeof(coverage));
		patch(unit);
		if (!is_loaded)
			rt_cache_save(unit, &coverage);
		if (rt_options.selftest)
			rt_selftest_choose(unit);
	}
	return unit->patcher;
}
