/* Races in shared memory: what access.c and finding.c do for other memory.
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_SHARED_FINDING_H
#define RACETRACK_SHADOW_SHARED_FINDING_H

#include "finding_record.h"
#include "object.h"

/* rt_finding_race, for a cell of shared memory. */
RT_HIDDEN void rt_shared_race(struct rt_thread *self, rt_ctx_t context, uintptr_t address, size_t bytes,
	bool atomic, const struct rt_race *race);

/* A thread of another process, as a side has it: RT_CTX_SESSION and its number among the owners of epochs. */
RT_HIDDEN uint32_t rt_shared_pid(uint32_t thread);

/* What findings' records say of other processes. Findings' lock held. */
RT_HIDDEN void rt_shared_record_stack(rt_ctx_t stack);
RT_HIDDEN void rt_shared_record_thread(uint32_t thread);
/* The object, and where it is mapped, or was, around the address. Returns the object's id. */
RT_HIDDEN uint32_t rt_shared_record_object(const struct rt_shared_range *range, uintptr_t address);
#endif
