/* The patcher's parts among themselves: see patch.h.
 *
 * Who may include it: patch.c, tactics.c, evict.c. */
#ifndef RACETRACK_REWRITE_PATCHER_H
#define RACETRACK_REWRITE_PATCHER_H

#include "copy.h"
#include "patch.h"
#include "room.h"

struct rt_patcher {
	struct rt_copy copy;
	struct rt_arena *arena;
	bool may_spread; /* new pages of the arena may be begun for jumps */
	bool looks_back; /* room for an entry's jump is looked for before it, too */
	const struct rt_patch_site *victims;
	unsigned victim_count;
	uint32_t tactics[RT_TACTIC_COUNT];
};

enum {
	RT_JUMP = 0xe9,
	RT_DISTANCE_BYTES = 4,
	RT_SHORT_JUMP_BYTES = 2,
	RT_SHORT_REACH = 128, /* either way, from behind the short jump */
};

/* Less than 2^31 by what an instruction may be long. */
#define RT_JUMP_REACH (((uintptr_t)1 << 31) - 16)

/* Addresses with a sign: below a text at a low address there are negative ones. */
struct rt_wide_range {
	intptr_t low, high; /* [low, high] */
};

/* Where the program runs the byte at an offset; whether a jump from there leads so far; the jump. */
RT_HIDDEN uintptr_t rt_patch_address(const struct rt_patcher *patcher, uint32_t offset);
RT_HIDDEN bool rt_patch_reaches(uintptr_t from, uintptr_t to);
RT_HIDDEN void rt_patch_encode(uint8_t jump[RT_JUMP_BYTES], uintptr_t from, uintptr_t to);

/* A jump at `offset` of which `own` bytes of the distance can be written, the lowest ones: the others as they are in the text,
 * and where it can go with them (`fixed`) so that a jump from there reaches `clone`. */
RT_HIDDEN uint32_t rt_patch_fixed(const struct rt_patcher *patcher, uint32_t offset, uint32_t own);
RT_HIDDEN struct rt_wide_range rt_patch_range(
	const struct rt_patcher *patcher, uint32_t offset, uint32_t own, uint32_t fixed, uintptr_t clone);
/* As far as it is not more than `reach` from `middle`. Empty where high < low. */
RT_HIDDEN struct rt_wide_range rt_patch_clip(struct rt_wide_range range, uintptr_t middle, intptr_t reach);
/* A place in the arena, see rt_arena_jump; the jump from there to a clone. */
RT_HIDDEN uintptr_t rt_patch_take(
	struct rt_patcher *patcher, struct rt_wide_range range, uintptr_t step, uintptr_t rest);
RT_HIDDEN void rt_patch_write_place(struct rt_patcher *patcher, uintptr_t place, uintptr_t clone);

/* A jump to `clone` at `at`, by a place in the arena. False: there is none. */
RT_HIDDEN bool rt_patch_pun(struct rt_patcher *patcher, uint32_t at, uint32_t own, uintptr_t clone);
/* Where a short jump at the site may look for room first; whether [start, end), the second jump's, is apart from its own bytes. */
RT_HIDDEN uint32_t rt_patch_lowest(const struct rt_patcher *patcher, const struct rt_patch_site *site);
RT_HIDDEN bool rt_patch_is_apart(const struct rt_patch_site *site, uint32_t start, uint32_t end);
/* The site becomes a short jump, of which `room` bytes can be written. */
RT_HIDDEN void rt_patch_short(
	struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t room, uint32_t landing);
/* The site is a jump now, and counted. */
RT_HIDDEN void rt_patch_entered(struct rt_patcher *patcher, const struct rt_patch_site *site);
RT_HIDDEN void rt_patch_count(
	struct rt_patcher *patcher, const struct rt_patch_site *site, enum rt_tactic tactic);

/* Each makes a jump to the site's clone at the site, or changes nothing and returns false. The site may be patched. */

/* Five bytes there: of the instruction, or of padding behind it. */
RT_HIDDEN bool rt_tactic_direct(struct rt_patcher *patcher, const struct rt_patch_site *site);
/* A short jump to five free bytes nearby, where the jump is. */
RT_HIDDEN bool rt_tactic_short(struct rt_patcher *patcher, const struct rt_patch_site *site);
/* A short jump to fewer free bytes near it, and a jump there like the next one's. */
RT_HIDDEN bool rt_tactic_short_pun(
	struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least);
/* The same, in the end of an instruction nearby that becomes a jump to its clone, whose last bytes may be those of the first. */
RT_HIDDEN bool rt_tactic_victim(struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least);
/* A jump whose last bytes are those that follow, to a place in the arena that this leaves; `least` of its four bytes at
 * least are ours. With prefixes that do nothing in front, other bytes follow. */
RT_HIDDEN bool rt_tactic_pun(struct rt_patcher *patcher, const struct rt_patch_site *site, uint32_t least);
/* The next instruction becomes a jump to its own clone whose bytes suit our jump. `least` of either jump's bytes at least can
 * be chosen without regard to the other. */
RT_HIDDEN bool rt_tactic_successor(struct rt_patcher *patcher, const struct rt_patch_site *site,
	const struct rt_patch_site *next, uint32_t least);

#endif
