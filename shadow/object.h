/* Memory that is shared by what it is, not by where it lies: mappings with MAP_SHARED of files, memfds, POSIX and System V
 * segments, and anonymous ones.
 *
 * Semantics. Each object has a number in the session, found by what it is (device, inode and time of birth; a serial number where
 * there is no file). An extent of 16 MiB of an object has a place in the session's file for its cells. So a byte has the same cells
 * at all its addresses, in all processes. A session address says which byte it is: extent * RT_EXTENT_BYTES + offset.
 *
 * The engine finds the cells of such memory by its table of ranges. The linear shadow of a mapping is empty at first, so that code
 * that looks at it by itself finds nothing and calls the engine. Where that often turns out to have been needless, it becomes a
 * mapping of the same place of the session's file. Most mappings never cost more than an entry in the table.
 *
 * Where this can't be had (no linear shadow, no session, too many mappings) memory is known by its addresses, as any other, and
 * that is counted.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_OBJECT_H
#define RACETRACK_SHADOW_OBJECT_H

#include "shared_range.h"

/* The key of a synchronisation object: what it is in the session, or its address. */
RT_HIDDEN uint64_t rt_shared_key(uintptr_t address);
static inline uint64_t rt_sync_key(uint64_t key)
{
	return RT_LIKELY(!rt_shared_count) || key >= RT_SYNC_KEY_HIGH ? key : rt_shared_key(key);
}

/* What stacks name as the range's mapping; the process's own is told if it was not. 0: there is no room. */
RT_HIDDEN uint32_t rt_shared_mapping(const struct rt_shared_range *range);
/* Before a fork: children name the same, so that their stacks are the same, too. */
RT_HIDDEN void rt_shared_publish_mapping(const struct rt_shared_range *range);
/* NULL: there is no such number. */
RT_HIDDEN struct rt_session_mapping *rt_session_mapping(uint32_t mapping);

/* An access to shared memory was in its cells already. */
RT_HIDDEN void rt_shared_known(uintptr_t address);
/* The part [low, high) of the range is unmapped at a stack of the session. */
RT_HIDDEN void rt_shared_tell_gone(
	const struct rt_shared_range *range, uintptr_t low, uintptr_t high, uint32_t stack);
/* The addresses stand for something else, or nothing, from now on: their shadow is the process's own again. */
RT_HIDDEN void rt_shared_detach(uintptr_t address, size_t bytes);

#endif
