/* A few modules, by where they lie. They are added one at a time, and looked for by any thread.
 *
 * Who may include it: shadow/. */
#ifndef RACETRACK_SHADOW_MODULE_SET_H
#define RACETRACK_SHADOW_MODULE_SET_H

#include "base.h"

enum { RT_MODULE_SET_MOST = 256 };

struct rt_module_set {
	struct {
		uintptr_t low, high; /* high 0: free */
	} modules[RT_MODULE_SET_MOST];
	uint32_t used; /* so many were in use at once; 0: there was none, ever */
};

/* False: there is no room. */
RT_HIDDEN bool rt_module_set_add(struct rt_module_set *set, uintptr_t low, uintptr_t high);
RT_HIDDEN void rt_module_set_forget(struct rt_module_set *set, uintptr_t low);
/* The byte before `pc` lies in one of them. */
RT_HIDDEN bool rt_module_set_holds(const struct rt_module_set *set, uintptr_t pc);

#endif
