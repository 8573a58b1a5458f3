/* Functions of other libraries by their names, without dlsym: that forgets, and frees, what dlerror is still to say to the
 * program, takes the loader's lock, and calls what is just being looked up where that is `free`.
 *
 * Who may include it: interpose/. Any thread, while no other one loads or unloads libraries. */
#ifndef RACETRACK_INTERPOSE_LOOKUP_H
#define RACETRACK_INTERPOSE_LOOKUP_H

#include "shadow/base.h"

#include <link.h>

/* Where a function is defined. */
struct rt_definition {
	const struct link_map *module;
	const uint64_t
		*value; /* in the module's symbol table: the function's distance from the load address */
	void *function;
};

/* In what was loaded behind this library, else in what was loaded before it and is not the program; NULL: nowhere. */
RT_HIDDEN void *rt_lookup(const char *name);
/* A module asks others for a name that begins with one of these; NULL ends them. */
RT_HIDDEN bool rt_lookup_wanted(const char *const *beginnings);

/* The one that the loader finds for everybody who does not look behind itself, if this library were not there: the program's,
 * else the first in the order of loading. False: there is none, or it is chosen when it is asked for. */
RT_HIDDEN bool rt_lookup_first(const char *name, struct rt_definition *found);
/* In that module alone; NULL: it has none. */
RT_HIDDEN void *rt_lookup_in(const struct link_map *module, const char *name);
/* It was loaded before this library. */
RT_HIDDEN bool rt_lookup_is_before(const struct link_map *module);

#endif
