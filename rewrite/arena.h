/* Memory for code near a module: clones, and 5-byte jumps at addresses that a patch can reach.
 *
 * Address space within reach is reserved when an arena is made, so that the program's own mappings do not take it; what is
 * not used is given back at the end. While code is written the pages are writable and not executable; afterwards executable
 * and not writable, never both: private pages whose protection changes, huge ones for clones if the system has them, or, where
 * that is refused, one memory file, mapped through two views that are never there at the same time.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_ARENA_H
#define RACETRACK_REWRITE_ARENA_H

#include "code.h"
#include "module.h"

struct rt_arena;

/* Reserves around [near.low, near.high), of one module or of several: code is within 2^31 - 2^24 bytes of all of that range, and
 * jumps of some of it. `bytes`: about how much code will be asked for in a piece. NULL: no room, or the system refuses executable memory (*why). */
RT_HIDDEN struct rt_arena *rt_arena_create(struct rt_range near, size_t bytes, const char **why);

/* Room for `bytes` of code in a piece, 16-byte aligned; the address that it will run at. What is written goes to
 * rt_arena_at. 0: none left. */
RT_HIDDEN uintptr_t rt_arena_code(struct rt_arena *arena, size_t bytes);
/* Pieces that were handed out there lie in a row: what is written to one may go on into the next. */
RT_HIDDEN bool rt_arena_is_piece(const struct rt_arena *arena, uintptr_t code, size_t bytes);
/* Gives back the end of the last piece: it has `bytes` only. */
RT_HIDDEN void rt_arena_trim(struct rt_arena *arena, uintptr_t code, size_t bytes);
/* Gives back all pieces from `code` on, the last ones that were handed out, as far as they lie in a row. */
RT_HIDDEN void rt_arena_back(struct rt_arena *arena, uintptr_t code);

/* Room for 5 bytes that begin at an address in [low, high], which is `remainder` modulo `step` (a power of two; 1: any).
 * `fresh`: a page that holds nothing yet may be begun for it. 0: none. */
RT_HIDDEN uintptr_t rt_arena_jump(struct rt_arena *arena, uintptr_t low, uintptr_t high, uintptr_t step,
	uintptr_t remainder, bool fresh);
/* A place that rt_arena_jump handed out is not needed after all. */
RT_HIDDEN void rt_arena_jump_back(struct rt_arena *arena, uintptr_t place);

/* Where the byte at a handed-out address is written now. Valid until rt_arena_seal, for up to the end of its page and of
 * its piece. */
RT_HIDDEN uint8_t *rt_arena_at(struct rt_arena *arena, uintptr_t address);

/* Makes it executable and no longer writable; gives the larger part of the address space that holds nothing back. False: the system refuses; then
 * nothing of it may be run. */
RT_HIDDEN bool rt_arena_seal(struct rt_arena *arena);
/* The ranges that hold code: calls `visit` for each. After the seal. */
RT_HIDDEN void rt_arena_ranges(
	const struct rt_arena *arena, void (*visit)(struct rt_range range, void *data), void *data);
/* Unmaps all: its module is gone, or it was not sealed. */
RT_HIDDEN void rt_arena_destroy(struct rt_arena *arena);

#endif
