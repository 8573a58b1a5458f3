/* Variables that are known to be atomic before the program touches them: its debug information says so, or its loops do. Plain
 * loads and stores of them are synchronisation from the start: see infer.h.
 *
 * Who may include it: shadow/, rewrite/. What asks is inside the engine. */
#ifndef RACETRACK_SHADOW_DECLARED_H
#define RACETRACK_SHADOW_DECLARED_H

#include "base.h"

/* `count` of them, the first at the address and each `stride` behind the one before. pre: count, and bytes <= stride. */
struct rt_declared {
	uintptr_t address;
	uint64_t stride, count;
	uintptr_t module; /* that they go with */
	uint32_t bytes;
};

/* `alone`: there is no other thread. Else inside the engine. */
RT_HIDDEN void rt_declared_add(const struct rt_declared *list, uint32_t count, bool alone);
/* The module is gone. Inside the engine. */
RT_HIDDEN void rt_declared_forget(uintptr_t module);

/* The one that holds the bytes: its address; 0: none. pre: rt_infer_is_marked(address), which is true for all of them. */
RT_HIDDEN uintptr_t rt_declared_find(uintptr_t address, size_t bytes);

/* The address is in such a module, and no atomic variable's. pre: as above. */
RT_HIDDEN bool rt_declared_is_plain(uintptr_t address);

#endif
