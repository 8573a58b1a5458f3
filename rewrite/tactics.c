#include "patcher.h"

enum {
	PREFIX = 0x2e, /* cs: means nothing to a jump in 64-bit mode */
	SHORT_JUMP = 0xeb,
};

uintptr_t rt_patch_address(const struct rt_patcher *patcher, uint32_t offset)
{
	return patcher->copy.text.start + offset;
}

bool rt_patch_reaches(uintptr_t from, uintptr_t to)
{
	return from - to + RT_JUMP_REACH < 2 * RT_JUMP_REACH;
}

/* A jump at `from` to `to`. */
void rt_patch_encode(uint8_t jump[RT_JUMP_BYTES], uintptr_t from, uintptr_t to)
{
	uint32_t distance = (uint32_t)(to - (from + RT_JUMP_BYTES));
	jump[0] = RT_JUMP;
	for (unsigned i = 0; i < RT_DISTANCE_BYTES; i++)
		jump[1 + i] = (uint8_t)(distance >> 8 * i);
}

void rt_patch_write_place(struct rt_patcher *patcher, uintptr_t place, uintptr_t clone)
{
	rt_patch_encode(rt_arena_at(patcher->arena, place), place, clone);
}

/* The instruction is a jump now; what it had more bytes than that is free. */
void rt_patch_entered(struct rt_patcher *patcher, const struct rt_patch_site *site)
{
	rt_bit_set(patcher->copy.entered, site->offset);
	rt_copy_free(&patcher->copy, site->offset, site->bytes);
}

void rt_patch_count(struct rt_patcher *patcher, const struct rt_patch_site *site, enum rt_tactic tactic)
{
	rt_patch_entered(patcher, site);
	patcher->tactics[tactic]++;
}

bool rt_tactic_direct(struct rt_patcher *patcher, const struct rt_patch_site *site)
{
	uintptr_t from = rt_patch_address(patcher, site->offset);
	if (rt_copy_room(&patcher->copy, site->offset, site->bytes, RT_JUMP_BYTES) < RT_JUMP_BYTES ||
		!rt_patch_reaches(from, site->clone))
		return false;
	uint8_t jump[RT_JUMP_BYTES];
	rt_patch_encode(jump, from, site->clone);
	rt_copy_put(&patcher->copy, site->offset, jump, RT_JUMP_BYTES);
	rt_patch_count(patcher, site, RT_TACTIC_DIRECT);
	return true;
}

/* ---- T3: a short jump ---- */

/* Five unused bytes that begin in [low, high]; `high` + 1: none. */
static uint32_t find_unused(const struct rt_copy *copy, uint32_t low, uint32_t high)
{
	for (uint32_t at = low; at <= high; at += 64) {
		uint64_t starts = UINT64_MAX;
		for (uint32_t i = 0; i < RT_JUMP_BYTES; i++)
			starts &= rt_copy_unused(copy, at + i);
		if (!starts)
			continue;
		at += (uint32_t)__builtin_ctzll(starts);
		return at <= high ? at : high + 1;
	}
	return high + 1;
}

/* The same, where a short jump at `offset` rt_patch_reaches them and is not one of them. UINT32_MAX: none. */
static uint32_t find_landing(const struct rt_copy *copy, uint32_t offset, uint32_t room)
{
	int64_t next = (int64_t)offset + RT_SHORT_JUMP_BYTES, low = next - 128, high = next + 127;
	if (room < RT_SHORT_JUMP_BYTES)
		low = high = next + (int8_t)rt_copy_get(copy, offset + 1);
	int64_t last = (int64_t)copy->text.bytes - RT_JUMP_BYTES, before = (int64_t)offset - RT_JUMP_BYTES;
	low = low < 0 ? 0 : low;
	high = high > last ? last : high;
	int64_t until = before < high ? before : high, from = next > low ? next : low;
	if (low <= until) {
		uint32_t at = find_unused(copy, (uint32_t)low, (uint32_t)until);
		if (at <= until)
			return at;
	}
	uint32_t at = from <= high ? find_unused(copy, (uint32_t)from, (uint32_t)high) : UINT32_MAX;
	return at <= high ? at : UINT32_MAX;
}

/* `room` of the short jump's bytes can be written. */
void rt_patch_short(
	struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t room, uint32_t landing)
{
	uint8_t jump[] = {SHORT_JUMP, (uint8_t)(landing - site->offset - RT_SHORT_JUMP_BYTES)};
	rt_copy_put(&patcher->copy, site->offset, jump, room);
	rt_copy_lock(&patcher->copy, site->offset, RT_SHORT_JUMP_BYTES);
	rt_patch_count(patcher, site, RT_TACTIC_SHORT);
}

bool rt_tactic_short(struct rt_patcher *patcher, const struct rt_patch_site *site)
{
	struct rt_copy *copy = &patcher->copy;
	uint32_t room = rt_copy_room(copy, site->offset, site->bytes, RT_SHORT_JUMP_BYTES);
	if (!room || site->offset + RT_SHORT_JUMP_BYTES > copy->text.bytes)
		return false;
	uint32_t landing = find_landing(copy, site->offset, room);
	if (landing == UINT32_MAX || !rt_patch_reaches(rt_patch_address(patcher, landing), site->clone))
		return false;
	uint8_t jump[RT_JUMP_BYTES];
	rt_patch_encode(jump, rt_patch_address(patcher, landing), site->clone);
	rt_copy_put(copy, landing, jump, RT_JUMP_BYTES);
	rt_patch_short(patcher, site, room, landing);
	return true;
}

/* ---- B2 and T1: punning ---- */

/* As far as it is not more than `reach` from `middle`. Empty where high < low. */
struct rt_wide_range rt_patch_clip(struct rt_wide_range range, uintptr_t middle, intptr_t reach)
{
	intptr_t lowest = (intptr_t)middle - reach, highest = (intptr_t)middle + reach;
	lowest = lowest < 0 ? 0 : lowest;
	return (struct rt_wide_range){
		range.low < lowest ? lowest : range.low, range.high > highest ? highest : range.high};
}

/* Where a jump at `offset` can go whose distance has `own` bytes that can be chosen, the lowest ones, and `fixed` in the
 * others, as far as a jump from there rt_patch_reaches `clone`. */
struct rt_wide_range rt_patch_range(
	const struct rt_patcher *patcher, uint32_t offset, uint32_t own, uint32_t fixed, uintptr_t clone)
{
	intptr_t next = (intptr_t)rt_patch_address(patcher, offset + RT_JUMP_BYTES), reach = RT_JUMP_REACH;
	intptr_t low = next - reach, high = next + reach;
	if (own < RT_DISTANCE_BYTES) {
		low = next + (int32_t)fixed;
		high = low + ((intptr_t)1 << 8 * own) - 1;
	}
	return rt_patch_clip((struct rt_wide_range){low, high}, clone, reach);
}

/* The distance's bytes from the `own`th on, as they are in the text. */
uint32_t rt_patch_fixed(const struct rt_patcher *patcher, uint32_t offset, uint32_t own)
{
	uint32_t fixed = 0;
	for (uint32_t i = own; i < RT_DISTANCE_BYTES; i++)
		fixed |= (uint32_t)rt_copy_get(&patcher->copy, offset + 1 + i) << 8 * i;
	return fixed;
}

uintptr_t rt_patch_take(
	struct rt_patcher *patcher, struct rt_wide_range range, uintptr_t step, uintptr_t rest)
{
	if (range.low > range.high)
		return 0;
	return rt_arena_jump(patcher->arena, (uintptr_t)range.low, (uintptr_t)range.high, step,
		rest & (step - 1), patcher->may_spread);
}

/* A jump to `clone` at `at`, by a place in the arena. `own` of its distance's bytes can be written. */
bool rt_patch_pun(struct rt_patcher *patcher, uint32_t at, uint32_t own, uintptr_t clone)
{
	if (at + RT_JUMP_BYTES > patcher->copy.text.bytes)
		return false;
	struct rt_wide_range range =
		rt_patch_range(patcher, at, own, rt_patch_fixed(patcher, at, own), clone);
	uintptr_t place = rt_patch_take(patcher, range, 1, 0);
	if (!place)
		return false;
	rt_patch_write_place(patcher, place, clone);
	uint8_t jump[RT_JUMP_BYTES];
	rt_patch_encode(jump, rt_patch_address(patcher, at), place);
	rt_copy_put(&patcher->copy, at, jump, 1 + own);
	rt_copy_lock(&patcher->copy, at, RT_JUMP_BYTES);
	return true;
}

bool rt_tactic_pun(struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least)
{
	static const uint8_t prefixes[RT_DISTANCE_BYTES] = {PREFIX, PREFIX, PREFIX, PREFIX};
	uint32_t room = rt_copy_room(&patcher->copy, site->offset, site->bytes, RT_DISTANCE_BYTES);
	for (uint32_t count = 0; room >= count + 1 + least; count++)
		if (rt_patch_pun(patcher, site->offset + count, room - count - 1, site->clone)) {
			rt_copy_put(&patcher->copy, site->offset, prefixes, count);
			rt_patch_count(patcher, site, count ? RT_TACTIC_PREFIX : RT_TACTIC_PUN);
			return true;
		}
	return false;
}

/* Mostly only behind the site: what lies before it is patched later, and needs its own first bytes. */
uint32_t rt_patch_lowest(const struct rt_patcher *patcher, const struct rt_patch_site *site)
{
	uint32_t next = site->offset + RT_SHORT_JUMP_BYTES;
	if (!patcher->looks_back)
		return next;
	return next > RT_SHORT_REACH ? next - RT_SHORT_REACH : 0;
}

bool rt_patch_is_apart(const struct rt_patch_site *site, uint32_t start, uint32_t end)
{
	uint32_t next =
		site->offset + (site->bytes > RT_SHORT_JUMP_BYTES ? site->bytes : RT_SHORT_JUMP_BYTES);
	return start >= next || end <= site->offset;
}

bool rt_tactic_short_pun(struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least)
{
	struct rt_copy *copy = &patcher->copy;
	uint32_t end = site->offset + RT_SHORT_JUMP_BYTES + RT_SHORT_REACH;
	if (rt_copy_room(copy, site->offset, site->bytes, RT_SHORT_JUMP_BYTES) < RT_SHORT_JUMP_BYTES)
		return false;
	for (uint32_t base = rt_patch_lowest(patcher, site); base < end && base < copy->text.bytes;
		base += 64)
		for (uint64_t unused = rt_copy_unused(copy, base); unused; unused &= unused - 1) {
			uint32_t at = base + (uint32_t)__builtin_ctzll(unused);
			uint32_t room = rt_copy_room(copy, at, 0, RT_DISTANCE_BYTES);
			if (at < end && room > least && rt_patch_is_apart(site, at, at + RT_JUMP_BYTES) &&
				rt_patch_pun(patcher, at, room - 1, site->clone)) {
				rt_patch_short(patcher, site, RT_SHORT_JUMP_BYTES, at);
				return true;
			}
		}
	return false;
}
