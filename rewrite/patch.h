/* Jumps from the original text into its clones, so that every start of an instruction that the text had stays one: who jumps
 * to a place that was not foreseen runs the original code. The tactics are E9Patch's (Duck, Gao, Roychoudhury: Binary
 * Rewriting without Control Flow Recovery, PLDI 2020): B1 direct jump, B2 punning, T1 prefixes, T2 successor eviction, T3
 * short jump to free bytes nearby.
 *
 * The text is not touched until rt_patcher_commit puts the patched copy of its pages in its place.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_PATCH_H
#define RACETRACK_REWRITE_PATCH_H

#include "arena.h"
#include "code.h"

/* A start of an instruction, and the address in the clone where its copy can be entered with all registers, flags and memory
 * as the original has them there. */
struct rt_patch_site {
	uint32_t offset;
	uint8_t bytes;   /* of the instruction */
	bool is_call;    /* runs in place: never patched, nor evicted */
	uintptr_t clone; /* 0: only here to be evicted by nobody */
};

struct rt_patcher; /* of one text */
struct rt_original;

/* What became of an entry, for doing the same again without a search: how hard it was tried, and at which of its sites. */
struct rt_patch_hint {
	uint8_t level, site;
};
enum {
	RT_PATCH_SEARCH =
		255 /* a level: it is not known, or none worked, which says nothing of another process */
};

/* Patches are written into a private copy of the text's bytes. NULL: no memory. */
RT_HIDDEN struct rt_patcher *rt_patcher_create(const struct rt_code *text, struct rt_arena *arena);

/* [offset, offset + bytes) is never reached: padding between functions, or after the last instruction of one. */
RT_HIDDEN void rt_patcher_free_bytes(struct rt_patcher *patcher, uint32_t offset, uint32_t bytes);

/* The direct 5-byte call at `offset` calls `target` from now on, in reach. Before any rt_patcher_enter. False: it is not one. */
RT_HIDDEN bool rt_patcher_call(struct rt_patcher *patcher, uint32_t offset, uintptr_t target);

/* Instructions, ascending, that may become jumps to their clones when an entry near them finds no room otherwise: those of the
 * function whose entries come next, say, or a few that are long. Looked at until the next call; none at first. Fewer entries
 * fail with them, above all in programs at fixed low addresses. */
RT_HIDDEN void rt_patcher_victims(
	struct rt_patcher *patcher, const struct rt_patch_site *sites, unsigned count);

/* Whoever comes to the first site, by running on from there or by a jump, is to enter the clone no later than at the last
 * but one: the sites follow each other without a branch in or out between them, all but the last may be patched (any one of
 * them is enough), the last is what follows and may only be evicted (its clone 0: it may not). Called from high offsets to
 * low ones. True also when one of them is a jump to its clone already. False: no tactic worked; nothing was changed. Where the
 * hint does not work, or says nothing, it is searched for, and the hint says what worked. */
RT_HIDDEN bool rt_patcher_enter(struct rt_patcher *patcher, const struct rt_patch_site *sites, unsigned count,
	struct rt_patch_hint *hint);

/* All entries were tried: for those that failed, and others in any order, what lies before them serves, too. */
RT_HIDDEN void rt_patcher_look_back(struct rt_patcher *patcher);

/* How often each tactic was used. */
enum rt_tactic {
	RT_TACTIC_DIRECT,
	RT_TACTIC_PUN,
	RT_TACTIC_PREFIX,
	RT_TACTIC_SUCCESSOR,
	RT_TACTIC_SHORT,
	RT_TACTIC_COUNT
};
RT_HIDDEN const uint32_t *rt_patcher_tactics(const struct rt_patcher *patcher);

/* What a commit will overwrite, see original.h; the caller's to free. NULL: no memory. */
RT_HIDDEN struct rt_original *rt_patcher_original(const struct rt_patcher *patcher);

/* Puts the patched pages in the text's place: `alone` says that no other thread can be running it. The arena has been
 * sealed. False: the system refuses, and the text is as it was. */
RT_HIDDEN bool rt_patcher_commit(struct rt_patcher *patcher, bool alone);
/* Frees the copy. What was committed stays. */
RT_HIDDEN void rt_patcher_destroy(struct rt_patcher *patcher);

#endif
