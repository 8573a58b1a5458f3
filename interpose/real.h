/* Finding the real functions behind the wrapped ones.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_REAL_H
#define RACETRACK_INTERPOSE_REAL_H

#include "shadow/base.h"

/* Names of all rows and annotations, in order of their ids. */
RT_HIDDEN const char *const *rt_real_names(uint32_t *count);
/* Looks all of them up behind this library, once. */
RT_HIDDEN void rt_real_resolve_all(void);
/* One of them; NULL: the system has none. */
RT_HIDDEN void *rt_real_resolve(unsigned row);
/* What the pointer of the row leads to or would lead to at its first call; NULL: the system has none. Any thread. */
RT_HIDDEN void *rt_real_function(unsigned row);
/* It is the real function of the row, or becomes it where none was found. Any thread. */
RT_HIDDEN bool rt_real_is(unsigned row, void *function);
/* Modules were unloaded: functions that were there are looked up again. Any thread. */
RT_HIDDEN void rt_real_forget(void);
/* From now on this is the real function of the row, whatever a search would find. */
RT_HIDDEN void rt_real_give(unsigned row, void *function);

#endif
