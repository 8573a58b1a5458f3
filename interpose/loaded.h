/* Modules that were loaded after the start. Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_LOADED_H
#define RACETRACK_INTERPOSE_LOADED_H

#include "types.h"
#include "shadow/base.h"

enum { RT_LOADED_MOST = 256 };

/* Where modules are that may be unloaded. Of more than these the others are left out. */
struct rt_loaded {
	unsigned count;
	struct {
		uintptr_t low, high;
	} list[RT_LOADED_MOST];
};

/* At the start: the modules of now are those that the program was linked with. They stay. */
RT_HIDDEN void rt_loaded_start(void);
/* The address lies in another one's. Any thread, takes no lock. */
RT_HIDDEN bool rt_loaded_since(uintptr_t address);

/* Outside of the engine. */
RT_HIDDEN void rt_loaded_list(struct rt_loaded *loaded);
/* Their memory is nobody's any more where a module is gone. */
RT_HIDDEN void rt_loaded_forget(const struct rt_loaded *loaded);

#endif
