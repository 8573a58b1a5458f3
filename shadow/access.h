/* The check of one access against what the shadow remembers.
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_ACCESS_H
#define RACETRACK_SHADOW_ACCESS_H

#include "cell.h"
#include "space.h"

enum { RT_RACES_MOST = 4 };

extern RT_HIDDEN struct rt_space rt_cells;

RT_HIDDEN bool rt_access_init(bool directory_only);
/* Zeroes the cells of a range. */
RT_HIDDEN void rt_cells_forget(uintptr_t address, size_t bytes);

#endif
