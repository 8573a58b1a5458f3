#include "rewrite.h"

#include "choice.h"
#include "debug.h"
#include "coverage.h"
#include "decode.h"
#include "imports.h"
#include "named.h"
#include "slow.h"
#include "unit.h"
#include "shadow/engine.h"
#include "shadow/hot.h"
#include "shadow/process.h"
#include "shadow/sys.h"

#include <link.h>

enum { ARCH_SET_GS = 0x1001, ARCH_GET_GS = 0x1004, CLONE_SCALE = 8 };

const struct rt_unit *rt_units;
static RT_LIST(struct rt_unit *) units; /* to be rewritten */
static RT_LIST(uintptr_t) seen;         /* where the modules begin that were looked at */
static bool alone;                      /* no other thread runs their code */
static uint32_t busy;                   /* one thread at a time */

/* ---- one module ---- */

static void give_back_work(struct rt_unit *unit)
{
	rt_module_forget_entries(&unit->module);
	rt_body_fini(&unit->body);
	rt_map_writer_fini(&unit->map);
	rt_free(unit->emitter.slow, 0);
	rt_list_fini(&unit->sites);
	rt_list_fini(&unit->entries);
	rt_list_fini(&unit->victims);
	rt_list_fini(&unit->links);
	rt_list_fini(&unit->calls);
	rt_free(unit->labels, unit->label_room * sizeof(*unit->labels));
	rt_free(unit->chosen, rt_choice_bytes(&unit->module));
	rt_free(unit->named, unit->named ? rt_named_bytes(&unit->module) : 0);
	unit->labels = NULL;
	unit->chosen = NULL;
	unit->named = NULL;
}

static void start_anew(struct rt_unit *unit)
{
	rt_bytes_zero(&unit->coverage, sizeof(unit->coverage));
	unit->clones.count = unit->sites.count = unit->entries.count = unit->victims.count = 0;
	unit->links.count = unit->calls.count = 0;
}

/* Why a function is left as it is; RT_SKIP_NONE: it is not. The containers' locks order nothing: if those of their functions
 * that the linker put into the program were rewritten, they would. */
static enum rt_skip why_left(const struct rt_unit *unit, uint32_t i)
{
	uintptr_t start = unit->module.text.start + unit->module.functions[i].start;
	if (start >= unit->told.low && start < unit->told.high)
		return RT_SKIP_TOLD;
	return rt_bit(unit->chosen, i) ? RT_SKIP_NONE : RT_SKIP_CHOSEN;
}

/* What lies behind the last instructions, up to the next function, has no use. */
static void free_padding(struct rt_unit *unit, uint32_t i)
{
	const struct rt_body *body = &unit->body;
	uint32_t next = i + 1 < unit->module.function_count ? unit->module.functions[i + 1].start
							    : unit->module.text.bytes;
	struct rt_padding padding = {0, 0};
	while (rt_body_padding(body, next, &padding))
		rt_patcher_free_bytes(unit->patcher, padding.start, padding.end - padding.start);
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
		free_padding(unit, i);
		enum rt_unit_result result = rt_clone_write(unit);
		if (result != RT_UNIT_DONE)
			return result;
	}
	return RT_UNIT_DONE;
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

static void patch(struct rt_unit *unit)
{
	for (uint32_t i = 0; i < unit->calls.count; i++) {
		const struct rt_clone *clone = rt_clone_of(unit, unit->calls.at[i].target);
		if (clone && clone->start == unit->calls.at[i].target)
			rt_patcher_call(unit->patcher, unit->calls.at[i].offset, clone->code);
	}
	rt_patcher_victims(unit->patcher, unit->victims.at, unit->victims.count);
	unit->coverage.entries = unit->entries.count;
	for (uint32_t i = unit->entries.count; i-- > 0;) {
		const struct rt_entry *entry = &unit->entries.at[i];
		if (rt_patcher_enter(unit->patcher, &unit->sites.at[entry->first_site], entry->site_count))
			continue;
		unit->coverage.unpatched++;
		unit->coverage.skipped[RT_SKIP_UNREACHED] += entry->accesses;
		unit->coverage.checked -= entry->accesses;
	}
}

static bool rewrite(struct rt_unit *unit)
{
	struct rt_module *module = &unit->module;
	if (!rt_module_find_functions(module) || !rt_module_find_entries(module))
		return false;
	unit->told = rt_file_section(unit->file, module, "racetrack_containers");
	unit->chosen = rt_choice_functions(module, unit->file);
	if (!unit->chosen)
		return false;
	unit->named = rt_named_find(module, unit->file);
	unit->patcher = rt_patcher_create(&module->text, unit->arena);
	if (!unit->patcher)
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
	patch(unit);
	return true;
}

/* ---- modules that share their arena ---- */

enum { HULL_LOG = 30 }; /* addresses from the first of them to the last */

static void refuse(struct rt_unit *unit, const char *why)
{
	rt_coverage_tell_failed(&unit->module, unit->file->path, why);
	rt_patcher_destroy(unit->patcher);
	unit->patcher = NULL;
	unit->refused = true;
}

static void refuse_all(struct rt_unit **group, uint32_t count, const char *why)
{
	for (uint32_t i = 0; i < count; i++)
		if (!group[i]->refused)
			refuse(group[i], why);
}

static void widen(struct rt_range range, void *data)
{
	struct rt_range *window = data;
	window->low = range.low < window->low ? range.low : window->low;
	window->high = range.high > window->high ? range.high : window->high;
}

/* Signal handlers find it from here on. */
static void publish(struct rt_unit *unit)
{
	const struct rt_code *text = &unit->module.text;
	unit->window = (struct rt_range){text->start, text->start + text->bytes};
	rt_arena_ranges(unit->arena, widen, &unit->window);
	unit->next = rt_units;
	__atomic_store_n(&rt_units, unit, __ATOMIC_RELEASE);
}

static void commit(struct rt_unit *unit)
{
	if (unit->refused)
		return;
	if (!rt_patcher_commit(unit->patcher, alone)) {
		refuse(unit, "the system refuses to change executable memory");
		return;
	}
	rt_patcher_destroy(unit->patcher);
	unit->patcher = NULL;
	publish(unit);
	if (rt_options.rewrite_debug)
		rt_debug_tell(unit);
	rt_coverage_tell(unit, unit->file->path);
}

static void rewrite_group(struct rt_unit **group, uint32_t count)
{
	const char *why = "no memory";
	size_t bytes = 0;
	for (uint32_t i = 0; i < count; i++)
		bytes += group[i]->module.text.bytes;
	struct rt_range near = {group[0]->module.whole.low, group[count - 1]->module.whole.high};
	struct rt_arena *arena = rt_arena_create(near, bytes * CLONE_SCALE, &why);
	if (!arena) {
		refuse_all(group, count, why);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		group[i]->arena = arena;
		if (!rewrite(group[i]))
			refuse(group[i], "no memory");
		give_back_work(group[i]);
	}
	if (!rt_arena_seal(arena)) {
		refuse_all(group, count, "the system refuses to make memory executable");
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		commit(group[i]);
}

/* By address: neighbours share. */
static void rewrite_all(void)
{
	for (uint32_t i = 1; i < units.count; i++) {
		struct rt_unit *unit = units.at[i];
		uint32_t at = i;
		for (; at && units.at[at - 1]->module.whole.low > unit->module.whole.low; at--)
			units.at[at] = units.at[at - 1];
		units.at[at] = unit;
	}
	for (uint32_t first = 0, i = 0; i++ < units.count;)
		if (i == units.count ||
			(units.at[i]->module.whole.high - units.at[first]->module.whole.low) >> HULL_LOG) {
			rewrite_group(&units.at[first], i - first);
			first = i;
		}
	for (uint32_t i = 0; i < units.count; i++) {
		rt_free(units.at[i]->file, sizeof(*units.at[i]->file));
		units.at[i]->file = NULL;
	}
	rt_list_fini(&units);
}

/* False: it is not to be rewritten, or there is no memory. */
static bool add_unit(const struct rt_module *module, struct rt_file *file)
{
	struct rt_unit *unit = rt_alloc(sizeof(*unit));
	struct rt_unit **place = unit ? rt_list_add(&units) : NULL;
	if (!place)
		return false;
	*place = unit;
	rt_bytes_zero(unit, sizeof(*unit));
	rt_bytes_copy(&unit->module, module, sizeof(*module));
	unit->file = file;
	return true;
}

static bool was_seen(const struct rt_module *module)
{
	for (uint32_t i = 0; i < seen.count; i++)
		if (seen.at[i] == module->whole.low)
			return true;
	uintptr_t *place = rt_list_add(&seen);
	if (place)
		*place = module->whole.low;
	return !place;
}

/* `data`: what is missing for rewriting anything, or NULL. */
static void collect(struct rt_module *module, void *data)
{
	if (was_seen(module))
		return;
	struct rt_file *file = rt_alloc(sizeof(*file));
	if (!file)
		return;
	rt_file_find(file, module);
	const char *refused = rt_choice_refuse(module, file);
	if (refused)
		rt_coverage_tell_not(module, file->path, RT_REWRITTEN_LEFT_OUT, refused);
	else if (rt_imports_hooks(module))
		rt_coverage_tell_not(
			module, file->path, RT_REWRITTEN_HOOKED, "it was compiled with the compiler's hooks");
	else if (data)
		rt_coverage_tell_not(module, file->path, RT_REWRITTEN_FAILED, data);
	else if (add_unit(module, file))
		return;
	rt_free(file, sizeof(*file));
}

/* ---- start ---- */

/* The emitted checks' base register: new threads inherit it. */
static bool take_segment(void)
{
	uintptr_t now = 0;
	rt_syscall(__NR_arch_prctl, ARCH_GET_GS, (long)&now, 0, 0, 0, 0);
	return !now && !rt_sys_failed(rt_syscall(__NR_arch_prctl, ARCH_SET_GS,
			       (long)rt_access_front() + RT_FRONT_BYTES, 0, 0, 0, 0));
}

static const char *refused;
const struct link_map *rt_rewrite_last;

/* The loader appends. */
static void find_last(void)
{
	const struct link_map *last = _r_debug.r_map;
	while (last && last->l_next)
		last = last->l_next;
	__atomic_store_n(&rt_rewrite_last, last, __ATOMIC_RELEASE);
}

void rt_rewrite_refuse(const char *why)
{
	refused = why;
}

void rt_rewrite_start(void)
{
	static bool started;
	if (started)
		return;
	started = true;
	if (!rt_choice_any())
		return;
	const char *trouble = refused ? refused : rt_decode_open();
	if (!trouble && !rt_slow_init())
		trouble = "that takes linear shadow memory";
	if (!trouble && !take_segment())
		trouble = "the segment register gs is in use";
	if (trouble)
		rt_process_say("plain loads and stores are not seen: ", trouble);
	alone = true;
	rt_modules_visit(collect, (void *)trouble);
	rewrite_all();
	rt_choice_say_unused();
	alone = false;
	if (!trouble)
		find_last();
}

/* ---- modules that come and go ---- */

void rt_rewrite_loaded(void)
{
	struct rt_thread *self = rt_enter();
	if (self && !__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE)) {
		find_last();
		rt_modules_visit(collect, NULL);
		rewrite_all();
		__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
	}
	if (self)
		rt_leave(self);
}

void rt_rewrite_unloading(void)
{
	__atomic_store_n(&rt_rewrite_last, NULL, __ATOMIC_RELEASE);
}

static void note_loaded(struct rt_module *module, void *data)
{
	uint32_t *count = data;
	for (uint32_t i = *count; i < seen.count; i++)
		if (seen.at[i] == module->whole.low) {
			seen.at[i] = seen.at[*count];
			seen.at[(*count)++] = module->whole.low;
		}
}

void rt_rewrite_unloaded(void)
{
	uint32_t count = 0;
	if (!rt_units)
		return;
	while (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE))
		rt_sys_yield();
	rt_modules_visit(note_loaded, &count);
	seen.count = count;
	find_last();
	__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}
