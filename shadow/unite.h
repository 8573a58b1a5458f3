/* Cells of one thread of which nobody can tell the epochs apart (boundary.h), as one: fewer granules need a list.
 *
 * Who may include it: access.c and word.c. */
#ifndef RACETRACK_SHADOW_UNITE_H
#define RACETRACK_SHADOW_UNITE_H

#include "cell.h"

/* What says as much as both, of the later one's epoch; 0: nothing does. Neither is a tag. */
RT_HIDDEN rt_cell_t rt_cells_unite(const struct rt_thread *self, rt_cell_t a, rt_cell_t b);

/* Those of a list; how many are left. */
RT_HIDDEN uint32_t rt_cells_unite_all(const struct rt_thread *self, rt_cell_t *cells, uint32_t count);

#endif
