/* The patcher's parts among themselves: see patch.h.
 *
 * Who may include it: patch.c, tactics.c. */
#ifndef RACETRACK_REWRITE_PATCHER_H
#define RACETRACK_REWRITE_PATCHER_H

#include "copy.h"
#include "patch.h"

struct rt_patcher {
	struct rt_copy copy;
	struct rt_arena *arena;
	bool may_spread; /* new pages of the arena may be begun for jumps */
	const struct rt_patch_site *victims;
	unsigned victim_count;
	uint32_t tactics[RT_TACTIC_COUNT];
};

/* Each makes a jump to the site's clone at the site, or changes nothing and returns false. The site may be patched. */

/* Five bytes there: of the instruction, or of padding behind it. */
RT_HIDDEN bool rt_tactic_direct(struct rt_patcher *patcher, const struct rt_patch_site *site);
/* A short jump to five free bytes nearby, where the jump is. */
RT_HIDDEN bool rt_tactic_short(struct rt_patcher *patcher, const struct rt_patch_site *site);
/* A short jump to fewer free bytes behind it, and a jump there like the next one's. */
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
