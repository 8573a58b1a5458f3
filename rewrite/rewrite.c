#include "rewrite.h"

#include "choice.h"
#include "debug.h"
#include "coverage.h"
#include "decode.h"
#include "gs.h"
#include "imports.h"
#include "operations.h"
#include "selftest.h"
#include "slow.h"
#include "store.h"
#include "survey.h"
#include "types.h"
#include "undo.h"
#include "shadow/declared.h"
#include "shadow/engine.h"
#include "shadow/hot.h"
#include "shadow/process.h"
#include "shadow/single.h"
#include "shadow/sys.h"
#include "shadow/infer.h"
#include "shadow/trait.h"

#include <link.h>

enum {
	CLONE_SCALE = 10,
	NAP = 100, /* us */
	NAPS_MOST = 100000
};

const struct rt_unit *rt_units;
static RT_LIST(struct rt_unit *) units; /* to be rewritten */
static RT_LIST(uintptr_t) seen;         /* where the modules begin that were looked at */
static bool alone;                      /* no other thread runs their code */
static uint32_t busy;                   /* one thread at a time */

/* Of a module of whose accesses nobody tells but its hooks. */
static const char only_hooks[] = "it was compiled with the compiler's hooks";

/* ---- modules that share their arena ---- */

enum { HULL_LOG = 30 }; /* addresses from the first of them to the last */

static void refuse(struct rt_unit *unit, const char *why)
{
	if (unit->hooked)
		rt_coverage_tell_not(&unit->module, unit->file->path, RT_REWRITTEN_HOOKED, only_hooks);
	else
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

/* Signal handlers find it from here on: before any thread runs it. */
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
	if (unit->partial && !rt_trait_add(RT_TRAIT_QUIET, unit->module.whole.low, unit->module.whole.high)) {
		refuse(unit, "there are too many of its kind");
		return;
	}
	publish(unit);
	rt_single_module(unit->module.whole.low, unit->module.whole.high);
	struct rt_original *original = rt_patcher_original(unit->patcher);
	if (!original || !rt_patcher_commit(unit->patcher, alone)) {
		__atomic_store_n(&rt_units, unit->next, __ATOMIC_RELEASE);
		rt_original_free(original);
		refuse(unit, "the system refuses to change executable memory");
		return;
	}
	rt_patcher_destroy(unit->patcher);
	unit->patcher = NULL;
	rt_undo_know(unit, original);
	if (rt_options.rewrite_debug)
		rt_debug_tell(unit);
	if (unit->hooked)
		rt_infer_by_hooks |= unit->coverage.cloned;
	else if (rt_coverage_has_gaps(unit))
		rt_trait_add(RT_TRAIT_GAPS, unit->module.whole.low, unit->module.whole.high);
	else if (!unit->partial)
		rt_trait_add(RT_TRAIT_WHOLE, unit->module.whole.low, unit->module.whole.high);
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
		if (rt_unit_rewrite(group[i]))
			rt_waited_declare(group[i], alone);
		else
			refuse(group[i], "no memory");
		rt_unit_give_back(group[i]);
	}
	if (!rt_arena_seal(arena)) {
		refuse_all(group, count, "the system refuses to make memory executable");
		return;
	}
	rt_types_take(alone);
	for (uint32_t i = 0; i < count; i++)
		if (!group[i]->refused && rt_options.selftest &&
			!rt_selftest_passes(group[i], rt_file_base(group[i]->file->path)))
			refuse(group[i], "its self-test failed");
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
	rt_types_ask(units.at, units.count);
	for (uint32_t first = 0, i = 0; i++ < units.count;)
		if (i == units.count ||
			(units.at[i]->module.whole.high - units.at[first]->module.whole.low) >> HULL_LOG) {
			rewrite_group(&units.at[first], i - first);
			first = i;
		}
	rt_types_take(alone);
	rt_process_record_now();
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
	unit->partial = rt_choice_is_partial(module);
	unit->hooked = rt_imports_hooks(module);
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

/* What it calls back of code that was rewritten before can't be taken back. */
static bool comes_too_late(const struct rt_module *module, const struct rt_file *file)
{
	if (alone || !rt_gs_is_set_by(module))
		return false;
	rt_process_say(rt_file_base(file->path),
		" sets the segment register gs: it is not rewritten; where it calls what is, "
		"the program may fail, but not with rewrite=off");
	return true;
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
	rt_choice_tell_unseen(module, !refused);
	if (refused)
		rt_coverage_tell_not(module, file->path, RT_REWRITTEN_LEFT_OUT, refused);
	else if (data && rt_imports_hooks(module))
		rt_coverage_tell_not(module, file->path, RT_REWRITTEN_HOOKED, only_hooks);
	else if (data)
		rt_coverage_tell_not(module, file->path, RT_REWRITTEN_FAILED, data);
	else if (comes_too_late(module, file))
		rt_coverage_tell_not(
			module, file->path, RT_REWRITTEN_FAILED, "it sets the segment register gs");
	else if (add_unit(module, file))
		return;
	rt_free(file, sizeof(*file));
}

/* ---- start ---- */

/* Between these two modules are looked at and rewritten. */
static void begin(void)
{
	rt_store_open();
	rt_survey_open();
}

static void end(void)
{
	rt_files_forget();
	rt_survey_close();
	rt_store_close();
}

static const char *refused;
static int started_by; /* the process's id; not that of a child */
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
	if (started_by)
		return;
	started_by = rt_process_id();
	if (!rt_choice_any())
		return;
	const char *trouble = refused ? refused : rt_decode_open();
	if (!trouble && !rt_slow_init())
		trouble = "that takes linear shadow memory";
	begin();
	if (!trouble)
		trouble = rt_gs_take();
	if (trouble)
		rt_process_say("plain loads and stores are not seen: ", trouble);
	alone = true;
	rt_modules_visit(collect, (void *)trouble);
	rewrite_all();
	end();
	alone = false;
	if (!trouble)
		find_last();
}

void rt_rewrite_end(void)
{
	static bool ended;
	if (started_by == rt_process_id() && rt_process_is_own() && !ended && rt_choice_any()) {
		ended = true;
		rt_choice_say_unused();
	}
}

/* ---- modules that come and go ---- */

void rt_rewrite_loaded(void)
{
	struct rt_thread *self = rt_enter();
	if (self && !__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE)) {
		rt_thread_decodes(self, true);
		find_last();
		begin();
		rt_modules_visit(collect, NULL);
		rewrite_all();
		end();
		rt_thread_decodes(self, false);
		__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
	}
	if (self)
		rt_leave(self);
}

void rt_rewrite_look_and_wait(void)
{
	rt_rewrite_look();
	struct rt_thread *self = rt_enter();
	if (!self) /* it may be this thread that rewrites */
		return;
	rt_leave(self);
	for (unsigned naps = 0; naps < NAPS_MOST && __atomic_load_n(&busy, __ATOMIC_ACQUIRE); naps++)
		rt_sys_nap(NAP);
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

/* What is known of the modules that were seen from `gone` on. */
static void forget_modules(uint32_t gone)
{
	struct rt_thread *self = gone < seen.count ? rt_enter() : NULL;
	for (uint32_t i = gone; self && i < seen.count; i++) {
		rt_declared_forget(seen.at[i]);
		rt_trait_forget(seen.at[i]);
		rt_operations_forget(seen.at[i]);
		rt_undo_forget(seen.at[i]);
	}
	if (self)
		rt_leave(self);
}

static void wait_for_turn(void)
{
	while (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE))
		rt_sys_yield();
}

void rt_rewrite_unloaded(void)
{
	uint32_t count = 0;
	if (!rt_units)
		return;
	wait_for_turn();
	rt_modules_visit(note_loaded, &count);
	forget_modules(count);
	seen.count = count;
	find_last();
	__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}

void rt_rewrite_changing(const void *where, size_t bytes)
{
	struct rt_range range = {(uintptr_t)where, (uintptr_t)where + bytes};
	if (!rt_undo_concerns(range))
		return;
	wait_for_turn();
	struct rt_thread *self = rt_enter();
	if (self) {
		rt_undo(range);
		rt_leave(self);
	}
	__atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}
