/* Where inferred sync variables are: marks in front, the objects of synchronisation behind them.
 *
 * Who may include it: infer.c, late.c and variable.c. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_VARIABLE_H
#define RACETRACK_SHADOW_VARIABLE_H

#include "infer.h"

/* What cmpxchg16b changes. */
enum { RT_VARIABLE_MOST = 16 /* bytes */ };

/* There is an object of synchronisation at the address, and as a variable it has so many bytes; 0: any number, or it is none. */
RT_HIDDEN bool rt_variable_is_object(uintptr_t address, size_t bytes);

/* An index of a ring, which its owner loads without an order. */
RT_HIDDEN bool rt_variable_is_owned(uintptr_t variable);

/* The sync variable that holds the bytes: at the address, or a larger one of which they are a part. 0: none. */
RT_HIDDEN uintptr_t rt_variable_at(uintptr_t address, size_t bytes);

/* Of so many bytes, a granule at most, some after the first are a variable, or begin one. */
RT_HIDDEN bool rt_variable_inside(uintptr_t address, size_t bytes);

/* From now on it is looked for there. Its object has `bytes`. */
RT_HIDDEN void rt_variable_mark(uintptr_t address, size_t bytes);

#endif
