/* Functions of other libraries by their names, without dlsym: that forgets, and frees, what dlerror is still to say to the
 * program, takes the loader's lock, and calls what is just being looked up where that is `free`.
 *
 * Who may include it: interpose/. Any thread, while no other one loads or unloads libraries. */
#ifndef RACETRACK_INTERPOSE_LOOKUP_H
#define RACETRACK_INTERPOSE_LOOKUP_H

#include "shadow/base.h"

/* In what was loaded behind this library, else in what was loaded before it and is not the program; NULL: nowhere. */
RT_HIDDEN void *rt_lookup(const char *name);
/* A module asks others for a name that begins with one of these; NULL ends them. */
RT_HIDDEN bool rt_lookup_wanted(const char *const *beginnings);

#endif
