#include "undo.h"

#include "coverage.h"
#include "file.h"
#include "shadow/trait.h"

struct known {
	const struct rt_unit *unit;
	struct rt_original *original;
};
static RT_LIST(struct known) known;

static bool overlaps(const struct rt_unit *unit, struct rt_range range)
{
	const struct rt_code *text = &unit->module.text;
	return text->start < range.high && text->start + text->bytes > range.low;
}

void rt_undo_know(const struct rt_unit *unit, struct rt_original *original)
{
	struct known *place = rt_list_add(&known);
	if (place)
		*place = (struct known){unit, original};
	else
		rt_original_free(original);
}

static void drop(uint32_t i)
{
	rt_original_free(known.at[i].original);
	known.at[i] = known.at[--known.count];
}

void rt_undo_forget(uintptr_t low)
{
	for (uint32_t i = known.count; i--;)
		if (known.at[i].unit->module.whole.low == low)
			drop(i);
}

bool rt_undo_concerns(struct rt_range range)
{
	const struct rt_unit *unit = __atomic_load_n(&rt_units, __ATOMIC_ACQUIRE);
	while (unit && !overlaps(unit, range))
		unit = unit->next;
	return unit;
}

/* What it does is seen no more: what orders threads may be among it. */
static void tell(const struct rt_unit *unit)
{
	struct rt_file *file = rt_alloc(sizeof(*file));
	rt_trait_forget(unit->module.whole.low);
	rt_trait_add(RT_TRAIT_GAPS, unit->module.whole.low, unit->module.whole.high);
	if (!file)
		return;
	rt_file_find(file, &unit->module);
	rt_coverage_tell_undone(unit, file->path);
	rt_free(file, sizeof(*file));
}

void rt_undo(struct rt_range range)
{
	for (uint32_t i = known.count; i--;) {
		const struct rt_unit *unit = known.at[i].unit;
		if (!overlaps(unit, range) || !rt_original_give_back(known.at[i].original))
			continue;
		drop(i);
		tell(unit);
	}
	rt_files_forget();
}
