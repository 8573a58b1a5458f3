#include "patcher.h"

#include "original.h"
#include "replace.h"
#include "shadow/engine.h"

enum { CALL = 0xe8, CALL_BYTES = 5 };

struct rt_patcher *rt_patcher_create(const struct rt_code *text, struct rt_arena *arena)
{
	struct rt_patcher *patcher = rt_alloc(sizeof(*patcher));
	if (!patcher)
		return NULL;
	patcher->arena = arena;
	if (rt_copy_init(&patcher->copy, text))
		return patcher;
	rt_patcher_destroy(patcher);
	return NULL;
}

void rt_patcher_destroy(struct rt_patcher *patcher)
{
	if (!patcher)
		return;
	rt_copy_fini(&patcher->copy);
	rt_free(patcher, sizeof(*patcher));
}

void rt_patcher_free_bytes(struct rt_patcher *patcher, uint32_t offset, uint32_t bytes)
{
	rt_copy_free(&patcher->copy, offset, bytes);
}

void rt_patcher_victims(struct rt_patcher *patcher, const struct rt_patch_site *sites, unsigned count)
{
	patcher->victims = sites;
	patcher->victim_count = count;
}

bool rt_patcher_call(struct rt_patcher *patcher, uint32_t offset, uintptr_t target)
{
	struct rt_copy *copy = &patcher->copy;
	if (offset + CALL_BYTES > copy->text.bytes || rt_copy_get(copy, offset) != CALL ||
		rt_copy_room(copy, offset, CALL_BYTES, CALL_BYTES) < CALL_BYTES)
		return false;
	intptr_t distance = (intptr_t)(target - (copy->text.start + offset + CALL_BYTES));
	if (distance != (int32_t)distance)
		return false;
	uint8_t call[CALL_BYTES] = {CALL};
	for (unsigned i = 1; i < CALL_BYTES; i++)
		call[i] = (uint8_t)((uintptr_t)distance >> 8 * (i - 1));
	rt_copy_put(copy, offset, call, CALL_BYTES);
	return true;
}

/* How hard it is tried: what needs no room in the arena first, then what finds it where others have some already, then what
 * needs a new page of it, ever more often. */
enum way { DIRECT, SHORT, PUN, SHORT_PUN, SUCCESSOR, VICTIM };
static const struct level {
	uint8_t way;
	uint8_t least; /* so many bytes of the distance are ours */
	bool may_spread;
} levels[] = {
	{DIRECT, 0, false},
	{SHORT, 0, false},
	{PUN, 3, true}, /* there are 256 ranges for these, so many share them */
	{VICTIM, 4, false},
	{PUN, 2, false},
	{SHORT_PUN, 3, true},
	{VICTIM, 3, true},
	{SHORT_PUN, 1, false},
	{SUCCESSOR, 0, false},
	{PUN, 0, false},
	{SUCCESSOR, 2, true},
	{PUN, 2, true},
	{SHORT_PUN, 2, true},
	{SUCCESSOR, 0, true},
	{PUN, 1, true},
	{VICTIM, 2, true},
	{VICTIM, 0, true},
	{SHORT_PUN, 0, true},
	{PUN, 0, true},
};

static bool try_site(struct rt_patcher *patcher, const struct rt_patch_site *site, const struct level *level)
{
	if (site->is_call || !site->clone)
		return false;
	patcher->may_spread = level->may_spread;
	switch (level->way) {
	case DIRECT:
		return rt_tactic_direct(patcher, site);
	case SHORT:
		return rt_tactic_short(patcher, site);
	case PUN:
		return rt_tactic_pun(patcher, site, level->least);
	case SHORT_PUN:
		return rt_tactic_short_pun(patcher, site, level->least);
	case VICTIM:
		return rt_tactic_victim(patcher, site, level->least);
	default:
		return rt_tactic_successor(patcher, site, site + 1, level->least);
	}
}

static bool try_again(struct rt_patcher *patcher, const struct rt_patch_site *sites, unsigned count,
	const struct rt_patch_hint *hint)
{
	return hint->level < RT_COUNT(levels) && hint->site + 1u < count &&
	       try_site(patcher, &sites[hint->site], &levels[hint->level]);
}

static bool search(struct rt_patcher *patcher, const struct rt_patch_site *sites, unsigned count,
	struct rt_patch_hint *hint)
{
	for (unsigned level = 0; level < RT_COUNT(levels); level++)
		for (unsigned i = 0; i + 1 < count; i++)
			if (try_site(patcher, &sites[i], &levels[level])) {
				*hint = (struct rt_patch_hint){(uint8_t)level, (uint8_t)i};
				return true;
			}
	*hint = (struct rt_patch_hint){RT_PATCH_SEARCH, 0};
	return false;
}

bool rt_patcher_enter(struct rt_patcher *patcher, const struct rt_patch_site *sites, unsigned count,
	struct rt_patch_hint *hint)
{
	for (unsigned i = 0; i + 1 < count; i++)
		if (rt_bit(patcher->copy.entered, sites[i].offset))
			return true;
	return try_again(patcher, sites, count, hint) || search(patcher, sites, count, hint);
}

void rt_patcher_look_back(struct rt_patcher *patcher)
{
	patcher->looks_back = true;
}

const uint32_t *rt_patcher_tactics(const struct rt_patcher *patcher)
{
	return patcher->tactics;
}

struct rt_original *rt_patcher_original(const struct rt_patcher *patcher)
{
	return rt_original_keep(&patcher->copy);
}

bool rt_patcher_commit(struct rt_patcher *patcher, bool alone)
{
	return rt_replace_text(&patcher->copy, alone);
}
