#include "patcher.h"

enum {
	JUMP = 0xe9,
	SHORT_JUMP = 0xeb,
	PREFIX = 0x2e, /* cs: means nothing to a jump in 64-bit mode */
	JUMP_BYTES = 5,
	SHORT_JUMP_BYTES = 2,
	DISTANCE_BYTES = 4,
	SHORT_REACH = 128, /* forwards, from behind the short jump */
	CHOICES = 256,     /* of a successor's bytes */
	FAILURES = 4,      /* of a successor: what it lacks is hardly ever its first bytes' fault */
	FEW_PLACES = 4096, /* that are looked at where each must be */
};

#define RARE  ((uintptr_t)1 << 16) /* a page has no more than one of these */

/* Less than 2^31 by what an instruction may be long. */
#define REACH (((uintptr_t)1 << 31) - 16)

static uintptr_t address_of(const struct rt_patcher *patcher, uint32_t offset)
{
	return patcher->copy.text.start + offset;
}

static bool reaches(uintptr_t from, uintptr_t to)
{
	return from - to + REACH < 2 * REACH;
}

/* A jump at `from` to `to`. */
static void encode(uint8_t jump[JUMP_BYTES], uintptr_t from, uintptr_t to)
{
	uint32_t distance = (uint32_t)(to - (from + JUMP_BYTES));
	jump[0] = JUMP;
	for (unsigned i = 0; i < DISTANCE_BYTES; i++)
		jump[1 + i] = (uint8_t)(distance >> 8 * i);
}

static void write_place(struct rt_patcher *patcher, uintptr_t place, uintptr_t clone)
{
	encode(rt_arena_at(patcher->arena, place), place, clone);
}

/* The instruction is a jump now; what it had more bytes than that is free. */
static void enter_site(struct rt_patcher *patcher, const struct rt_patch_site *site)
{
	rt_bit_set(patcher->copy.entered, site->offset);
	rt_copy_free(&patcher->copy, site->offset, site->bytes);
}

static void count_tactic(struct rt_patcher *patcher, const struct rt_patch_site *site, enum rt_tactic tactic)
{
	enter_site(patcher, site);
	patcher->tactics[tactic]++;
}

bool rt_tactic_direct(struct rt_patcher *patcher, const struct rt_patch_site *site)
{
	uintptr_t from = address_of(patcher, site->offset);
	if (rt_copy_room(&patcher->copy, site->offset, site->bytes, JUMP_BYTES) < JUMP_BYTES ||
		!reaches(from, site->clone))
		return false;
	uint8_t jump[JUMP_BYTES];
	encode(jump, from, site->clone);
	rt_copy_put(&patcher->copy, site->offset, jump, JUMP_BYTES);
	count_tactic(patcher, site, RT_TACTIC_DIRECT);
	return true;
}

/* ---- T3: a short jump ---- */

/* Five unused bytes that begin in [low, high]; `high` + 1: none. */
static uint32_t find_unused(const struct rt_copy *copy, uint32_t low, uint32_t high)
{
	for (uint32_t at = low; at <= high; at += 64) {
		uint64_t starts = UINT64_MAX;
		for (uint32_t i = 0; i < JUMP_BYTES; i++)
			starts &= rt_copy_unused(copy, at + i);
		if (!starts)
			continue;
		at += (uint32_t)__builtin_ctzll(starts);
		return at <= high ? at : high + 1;
	}
	return high + 1;
}

/* The same, where a short jump at `offset` reaches them and is not one of them. UINT32_MAX: none. */
static uint32_t find_landing(const struct rt_copy *copy, uint32_t offset, uint32_t room)
{
	int64_t next = (int64_t)offset + SHORT_JUMP_BYTES, low = next - 128, high = next + 127;
	if (room < SHORT_JUMP_BYTES)
		low = high = next + (int8_t)rt_copy_get(copy, offset + 1);
	int64_t last = (int64_t)copy->text.bytes - JUMP_BYTES, before = (int64_t)offset - JUMP_BYTES;
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
static void write_short(
	struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t room, uint32_t landing)
{
	uint8_t jump[] = {SHORT_JUMP, (uint8_t)(landing - site->offset - SHORT_JUMP_BYTES)};
	rt_copy_put(&patcher->copy, site->offset, jump, room);
	rt_copy_lock(&patcher->copy, site->offset, SHORT_JUMP_BYTES);
	count_tactic(patcher, site, RT_TACTIC_SHORT);
}

bool rt_tactic_short(struct rt_patcher *patcher, const struct rt_patch_site *site)
{
	struct rt_copy *copy = &patcher->copy;
	uint32_t room = rt_copy_room(copy, site->offset, site->bytes, SHORT_JUMP_BYTES);
	if (!room || site->offset + SHORT_JUMP_BYTES > copy->text.bytes)
		return false;
	uint32_t landing = find_landing(copy, site->offset, room);
	if (landing == UINT32_MAX || !reaches(address_of(patcher, landing), site->clone))
		return false;
	uint8_t jump[JUMP_BYTES];
	encode(jump, address_of(patcher, landing), site->clone);
	rt_copy_put(copy, landing, jump, JUMP_BYTES);
	write_short(patcher, site, room, landing);
	return true;
}

/* ---- B2 and T1: punning ---- */

/* Addresses with a sign: below a text at a low address there are negative ones. */
struct wide_range {
	intptr_t low, high; /* [low, high] */
};

/* As far as it is not more than `reach` from `middle`. Empty where high < low. */
static struct wide_range clip(struct wide_range range, uintptr_t middle, intptr_t reach)
{
	intptr_t lowest = (intptr_t)middle - reach, highest = (intptr_t)middle + reach;
	lowest = lowest < 0 ? 0 : lowest;
	return (struct wide_range){
		range.low < lowest ? lowest : range.low, range.high > highest ? highest : range.high};
}

/* Where a jump at `offset` can go whose distance has `own` bytes that can be chosen, the lowest ones, and `fixed` in the
 * others, as far as a jump from there reaches `clone`. */
static struct wide_range range_of(
	const struct rt_patcher *patcher, uint32_t offset, uint32_t own, uint32_t fixed, uintptr_t clone)
{
	intptr_t next = (intptr_t)address_of(patcher, offset + JUMP_BYTES), reach = REACH;
	intptr_t low = next - reach, high = next + reach;
	if (own < DISTANCE_BYTES) {
		low = next + (int32_t)fixed;
		high = low + ((intptr_t)1 << 8 * own) - 1;
	}
	return clip((struct wide_range){low, high}, clone, reach);
}

/* The distance's bytes from the `own`th on, as they are in the text. */
static uint32_t fixed_bytes(const struct rt_patcher *patcher, uint32_t offset, uint32_t own)
{
	uint32_t fixed = 0;
	for (uint32_t i = own; i < DISTANCE_BYTES; i++)
		fixed |= (uint32_t)rt_copy_get(&patcher->copy, offset + 1 + i) << 8 * i;
	return fixed;
}

static uintptr_t take_place(
	struct rt_patcher *patcher, struct wide_range range, uintptr_t step, uintptr_t rest)
{
	if (range.low > range.high)
		return 0;
	return rt_arena_jump(patcher->arena, (uintptr_t)range.low, (uintptr_t)range.high, step,
		rest & (step - 1), patcher->may_spread);
}

/* A jump to `clone` at `at`, by a place in the arena. `own` of its distance's bytes can be written. */
static bool write_pun(struct rt_patcher *patcher, uint32_t at, uint32_t own, uintptr_t clone)
{
	if (at + JUMP_BYTES > patcher->copy.text.bytes)
		return false;
	struct wide_range range = range_of(patcher, at, own, fixed_bytes(patcher, at, own), clone);
	uintptr_t place = take_place(patcher, range, 1, 0);
	if (!place)
		return false;
	write_place(patcher, place, clone);
	uint8_t jump[JUMP_BYTES];
	encode(jump, address_of(patcher, at), place);
	rt_copy_put(&patcher->copy, at, jump, 1 + own);
	rt_copy_lock(&patcher->copy, at, JUMP_BYTES);
	return true;
}

bool rt_tactic_pun(struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least)
{
	static const uint8_t prefixes[DISTANCE_BYTES] = {PREFIX, PREFIX, PREFIX, PREFIX};
	uint32_t room = rt_copy_room(&patcher->copy, site->offset, site->bytes, DISTANCE_BYTES);
	for (uint32_t count = 0; room >= count + 1 + least; count++)
		if (write_pun(patcher, site->offset + count, room - count - 1, site->clone)) {
			rt_copy_put(&patcher->copy, site->offset, prefixes, count);
			count_tactic(patcher, site, count ? RT_TACTIC_PREFIX : RT_TACTIC_PUN);
			return true;
		}
	return false;
}

/* Only behind the site: what lies before it is patched later, and needs its own first bytes. */
bool rt_tactic_short_pun(struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least)
{
	struct rt_copy *copy = &patcher->copy;
	uint32_t next = site->offset + SHORT_JUMP_BYTES, end = next + SHORT_REACH;
	if (rt_copy_room(copy, site->offset, site->bytes, SHORT_JUMP_BYTES) < SHORT_JUMP_BYTES)
		return false;
	for (uint32_t base = next; base < end && base < copy->text.bytes; base += 64)
		for (uint64_t unused = rt_copy_unused(copy, base); unused; unused &= unused - 1) {
			uint32_t at = base + (uint32_t)__builtin_ctzll(unused);
			uint32_t room = rt_copy_room(copy, at, 0, DISTANCE_BYTES);
			if (at < end && room > least && write_pun(patcher, at, room - 1, site->clone)) {
				write_short(patcher, site, SHORT_JUMP_BYTES, at);
				return true;
			}
		}
	return false;
}

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
	uintptr_t clone = eviction->next->clone, from = address_of(patcher, offset);
	uintptr_t step = (uintptr_t)1 << 8 * eviction->chosen;
	if (own == DISTANCE_BYTES && !((clone - (from + JUMP_BYTES) - bytes) & (step - 1)))
		return reaches(from, clone);
	struct wide_range range = range_of(patcher, offset, own, fixed_bytes(patcher, offset, own), clone);
	if (step == RARE)
		range = clip(range, clone, FEW_PLACES / 2 * (intptr_t)step);
	return take_place(patcher, range, step, from + JUMP_BYTES + bytes);
}

static void write_eviction(
	struct rt_patcher *patcher, const struct eviction *eviction, uintptr_t place, uintptr_t next)
{
	struct rt_copy *copy = &patcher->copy;
	uint8_t jump[JUMP_BYTES];
	uintptr_t next_clone = eviction->next->clone;
	if (next != 1)
		write_place(patcher, next, next_clone);
	encode(jump, address_of(patcher, eviction->next->offset), next == 1 ? next_clone : next);
	rt_copy_put(copy, eviction->next->offset, jump, eviction->room);
	rt_copy_lock(copy, eviction->next->offset, JUMP_BYTES);

	write_place(patcher, place, eviction->site->clone);
	encode(jump, address_of(patcher, eviction->site->offset), place);
	rt_copy_put(copy, eviction->site->offset, jump, 1 + eviction->own);
}

static bool evict_with(struct rt_patcher *patcher, struct eviction *eviction, uint32_t bytes)
{
	uint32_t offset = eviction->site->offset, own = eviction->own;
	uint32_t kept = own + 1 + eviction->chosen; /* bytes of our distance that will be written */
	uint64_t fixed = kept < DISTANCE_BYTES ? fixed_bytes(patcher, offset, kept) : 0;
	fixed |= (uint64_t)JUMP << 8 * own | (uint64_t)bytes << 8 * (own + 1);
	uintptr_t clone = eviction->site->clone;
	struct wide_range range = range_of(patcher, offset, own, (uint32_t)fixed, clone);
	uintptr_t place = take_place(patcher, range, 1, 0);
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
	if (bytes >= JUMP_BYTES || next->offset != site->offset + bytes || next->is_call || !next->clone ||
		next->offset + JUMP_BYTES > copy->text.bytes ||
		rt_copy_room(copy, site->offset, bytes, bytes) < bytes)
		return false;
	uint32_t room = rt_copy_room(copy, next->offset, next->bytes, JUMP_BYTES);
	uint32_t shared = DISTANCE_BYTES - bytes;
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
		(eviction.room < JUMP_BYTES && eviction.room < 1 + eviction.chosen + least))
		return false;
	/* Bytes that the successor's jump has anyway save it a place. */
	if (eviction.chosen && eviction.room == JUMP_BYTES) {
		uint32_t distance = (uint32_t)(next->clone - address_of(patcher, next->offset + JUMP_BYTES));
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
	enter_site(patcher, next);
	count_tactic(patcher, site, RT_TACTIC_SUCCESSOR);
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
	uint32_t own = room - JUMP_BYTES - 1;
	if (room <= JUMP_BYTES || own < least ||
		!reaches(address_of(patcher, victim->offset), victim->clone) ||
		!write_pun(patcher, victim->offset + JUMP_BYTES, own, clone))
		return false;
	uint8_t jump[JUMP_BYTES];
	encode(jump, address_of(patcher, victim->offset), victim->clone);
	rt_copy_put(&patcher->copy, victim->offset, jump, JUMP_BYTES);
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
	uint32_t room = rt_copy_room(&patcher->copy, victim->offset, victim->bytes, 2 * JUMP_BYTES);
	if (room < victim->bytes && room < 2 * JUMP_BYTES)
		return 0;
	if (split_behind(patcher, victim, room, least, clone))
		return JUMP_BYTES;
	for (uint8_t at = 3; at >= 2 && least < DISTANCE_BYTES && victim->bytes > at; at--)
		if (split_within(patcher, victim, at, least, clone))
			return at;
	return 0;
}

bool rt_tactic_victim(struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least)
{
	uint32_t next = site->offset + SHORT_JUMP_BYTES, after = site->offset + site->bytes;
	if (rt_copy_room(&patcher->copy, site->offset, site->bytes, SHORT_JUMP_BYTES) < SHORT_JUMP_BYTES)
		return false;
	for (unsigned i = find_victim(patcher, after > next ? after : next); i < patcher->victim_count; i++) {
		const struct rt_patch_site *victim = &patcher->victims[i];
		if (victim->offset + JUMP_BYTES - next >= SHORT_REACH)
			break;
		uint32_t at = victim->is_call || !victim->clone
				      ? 0
				      : split_victim(patcher, victim, least, site->clone);
		if (!at)
			continue;
		enter_site(patcher, victim);
		write_short(patcher, site, SHORT_JUMP_BYTES, victim->offset + at);
		return true;
	}
	return false;
}
