/* Tactics that make an instruction of the program go to its clone for the sake of another one's entry. */
#include "patcher.h"

enum {
	CHOICES = 256,     /* of a successor's bytes */
	FAILURES = 4,      /* of a successor: what it lacks is hardly ever its first bytes' fault */
	FEW_PLACES = 4096, /* that are looked at where each must be */
};

#define RARE ((uintptr_t)1 << 16) /* a page has no more than one of these */

/* ---- T2: the successor goes ---- */

/* Our jump ends in the successor's: its opcode, and the first of its distance's bytes.
 *
 *     ours   E9 o o o x            o: chosen freely (own - 1 of them)     own = 4 shown; x = E9
 *     next           E9 s s s s    s: `shared` of them are bytes of ours, too
 */
struct eviction {
	const struct rt_patch_site *site, *next;
	uint32_t own;    /* of our distance's bytes: before the successor */
	uint32_t shared; /* of our distance's bytes: the successor's distance's */
	uint32_t chosen; /* of those: the patcher's to choose */
	uint32_t room;   /* bytes of the successor's jump that can be written */
	uint32_t failed; /* tries for which it was the successor that found no place */
};

/* The successor's chosen bytes on the `choice`th try. The highest of them decides where our jump can go: near, first. */
static uint32_t chosen_bytes(const struct eviction *eviction, uint32_t choice)
{
	if (!eviction->chosen)
		return 0;
	uint32_t highest = choice % 2 ? CHOICES - 1 - choice / 2 : choice / 2;
	uint32_t unit = 1u << 8 * (eviction->chosen - 1);
	return highest * unit | (choice * 0x9e37u & (unit - 1));
}

/* The successor's jump, with these bytes first in its distance. 0: there is none; 1: it needs no place. */
static uintptr_t next_place(struct rt_patcher *patcher, const struct eviction *eviction, uint32_t bytes)
{
	uint32_t offset = eviction->next->offset, own = eviction->room - 1;
	uintptr_t clone = eviction->next->clone, from = rt_patch_address(patcher, offset);
	uintptr_t step = (uintptr_t)1 << 8 * eviction->chosen;
	if (own == RT_DISTANCE_BYTES && !((clone - (from + RT_JUMP_BYTES) - bytes) & (step - 1)))
		return rt_patch_reaches(from, clone);
	struct rt_wide_range range =
		rt_patch_range(patcher, offset, own, rt_patch_fixed(patcher, offset, own), clone);
	if (step == RARE)
		range = rt_patch_clip(range, clone, FEW_PLACES / 2 * (intptr_t)step);
	return rt_patch_take(patcher, range, step, from + RT_JUMP_BYTES + bytes);
}

static void write_eviction(
	struct rt_patcher *patcher, const struct eviction *eviction, uintptr_t place, uintptr_t next)
{
	struct rt_copy *copy = &patcher->copy;
	uint8_t jump[RT_JUMP_BYTES];
	uintptr_t next_clone = eviction->next->clone;
	if (next != 1)
		rt_patch_write_place(patcher, next, next_clone);
	rt_patch_encode(
		jump, rt_patch_address(patcher, eviction->next->offset), next == 1 ? next_clone : next);
	rt_copy_put(copy, eviction->next->offset, jump, eviction->room);
	rt_copy_lock(copy, eviction->next->offset, RT_JUMP_BYTES);

	rt_patch_write_place(patcher, place, eviction->site->clone);
	rt_patch_encode(jump, rt_patch_address(patcher, eviction->site->offset), place);
	rt_copy_put(copy, eviction->site->offset, jump, 1 + eviction->own);
}

static bool evict_with(struct rt_patcher *patcher, struct eviction *eviction, uint32_t bytes)
{
	uint32_t offset = eviction->site->offset, own = eviction->own;
	uint32_t kept = own + 1 + eviction->chosen; /* bytes of our distance that will be written */
	uint64_t fixed = kept < RT_DISTANCE_BYTES ? rt_patch_fixed(patcher, offset, kept) : 0;
	fixed |= (uint64_t)RT_JUMP << 8 * own | (uint64_t)bytes << 8 * (own + 1);
	uintptr_t clone = eviction->site->clone;
	struct rt_wide_range range = rt_patch_range(patcher, offset, own, (uint32_t)fixed, clone);
	uintptr_t place = rt_patch_take(patcher, range, 1, 0);
	if (!place)
		return false;
	uintptr_t next = next_place(patcher, eviction, bytes);
	if (next) {
		write_eviction(patcher, eviction, place, next);
		return true;
	}
	rt_arena_jump_back(patcher->arena, place);
	eviction->failed++;
	return false;
}

static bool describe(const struct rt_patcher *patcher, const struct rt_patch_site *site,
	const struct rt_patch_site *next, struct eviction *eviction)
{
	const struct rt_copy *copy = &patcher->copy;
	uint32_t bytes = site->bytes;
	if (bytes >= RT_JUMP_BYTES || next->offset != site->offset + bytes || next->is_call || !next->clone ||
		next->offset + RT_JUMP_BYTES > copy->text.bytes ||
		rt_copy_room(copy, site->offset, bytes, bytes) < bytes)
		return false;
	uint32_t room = rt_copy_room(copy, next->offset, next->bytes, RT_JUMP_BYTES);
	uint32_t shared = RT_DISTANCE_BYTES - bytes;
	if (!room)
		return false;
	*eviction =
		(struct eviction){site, next, bytes - 1, shared, shared < room ? shared : room - 1, room, 0};
	return true;
}

static bool evict(struct rt_patcher *patcher, const struct rt_patch_site *site,
	const struct rt_patch_site *next, uint32_t least)
{
	struct eviction eviction;
	if (!describe(patcher, site, next, &eviction) || eviction.own < least ||
		(eviction.room < RT_JUMP_BYTES && eviction.room < 1 + eviction.chosen + least))
		return false;
	/* Bytes that the successor's jump has anyway save it a place. */
	if (eviction.chosen && eviction.room == RT_JUMP_BYTES) {
		uint32_t distance =
			(uint32_t)(next->clone - rt_patch_address(patcher, next->offset + RT_JUMP_BYTES));
		uint32_t mask = (uint32_t)(((uint64_t)1 << 8 * eviction.chosen) - 1);
		if (evict_with(patcher, &eviction, distance & mask))
			return true;
	}
	uint32_t choices = eviction.chosen ? CHOICES : 1;
	for (uint32_t choice = 0; choice < choices && eviction.failed < FAILURES; choice++)
		if (evict_with(patcher, &eviction, chosen_bytes(&eviction, choice)))
			return true;
	return false;
}

bool rt_tactic_successor(struct rt_patcher *patcher, const struct rt_patch_site *site,
	const struct rt_patch_site *next, uint32_t least)
{
	if (!evict(patcher, site, next, least))
		return false;
	rt_patch_entered(patcher, next);
	rt_patch_count(patcher, site, RT_TACTIC_SUCCESSOR);
	return true;
}

/* ---- a victim nearby ---- */

/* The first victim at `offset` or behind it. */
static unsigned find_victim(const struct rt_patcher *patcher, uint32_t offset)
{
	unsigned low = 0, high = patcher->victim_count;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (patcher->victims[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The jump to `clone` behind the victim's own five bytes. */
static bool split_behind(struct rt_patcher *patcher, const struct rt_patch_site *victim, uint32_t room,
	uint32_t least, uintptr_t clone)
{
	uint32_t own = room - RT_JUMP_BYTES - 1;
	if (room <= RT_JUMP_BYTES || own < least ||
		!rt_patch_reaches(rt_patch_address(patcher, victim->offset), victim->clone) ||
		!rt_patch_pun(patcher, victim->offset + RT_JUMP_BYTES, own, clone))
		return false;
	uint8_t jump[RT_JUMP_BYTES];
	rt_patch_encode(jump, rt_patch_address(patcher, victim->offset), victim->clone);
	rt_copy_put(&patcher->copy, victim->offset, jump, RT_JUMP_BYTES);
	return true;
}

/* The jump to `clone` in the victim's last bytes, from `at` on, which the victim's own ends in. */
static bool split_within(struct rt_patcher *patcher, const struct rt_patch_site *victim, uint8_t at,
	uint32_t least, uintptr_t clone)
{
	struct rt_patch_site first = {victim->offset, at, false, victim->clone};
	struct rt_patch_site last = {victim->offset + at, (uint8_t)(victim->bytes - at), false, clone};
	return evict(patcher, &first, &last, least);
}

/* Where in the victim the jump to `clone` is then; 0: there is none. */
static uint32_t split_victim(
	struct rt_patcher *patcher, const struct rt_patch_site *victim, uint32_t least, uintptr_t clone)
{
	uint32_t room = rt_copy_room(&patcher->copy, victim->offset, victim->bytes, 2 * RT_JUMP_BYTES);
	if (room < victim->bytes && room < 2 * RT_JUMP_BYTES)
		return 0;
	if (split_behind(patcher, victim, room, least, clone))
		return RT_JUMP_BYTES;
	for (uint8_t at = 3; at >= 2 && least < RT_DISTANCE_BYTES && victim->bytes > at; at--)
		if (split_within(patcher, victim, at, least, clone))
			return at;
	return 0;
}

bool rt_tactic_victim(struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least)
{
	uint32_t low = rt_patch_lowest(patcher, site);
	uint32_t end = site->offset + RT_SHORT_JUMP_BYTES + RT_SHORT_REACH;
	if (rt_copy_room(&patcher->copy, site->offset, site->bytes, RT_SHORT_JUMP_BYTES) <
		RT_SHORT_JUMP_BYTES)
		return false;
	for (unsigned i = find_victim(patcher, low); i < patcher->victim_count; i++) {
		const struct rt_patch_site *victim = &patcher->victims[i];
		if (victim->offset + RT_JUMP_BYTES >= end)
			break;
		bool serves = !victim->is_call && victim->clone &&
			      rt_patch_is_apart(site, victim->offset, victim->offset + 2 * RT_JUMP_BYTES);
		uint32_t at = serves ? split_victim(patcher, victim, least, site->clone) : 0;
		if (!at)
			continue;
		rt_patch_entered(patcher, victim);
		rt_patch_short(patcher, site, RT_SHORT_JUMP_BYTES, victim->offset + at);
		return true;
	}
	return false;
}
