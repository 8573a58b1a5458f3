/* Arrays that grow: elements, how many there are, how many there is room for.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_LIST_H
#define RACETRACK_REWRITE_LIST_H

#include "shadow/engine.h"

#define RT_LIST(type)                                                                                        \
	struct {                                                                                             \
		type *at;                                                                                    \
		uint32_t count, room;                                                                        \
	}

/* Room for one more: a pointer to it; NULL: no memory. */
#define rt_list_add(list)                                                                                    \
	rt_list_grow((void **)&(list)->at, &(list)->count, &(list)->room, sizeof(*(list)->at))
#define rt_list_fini(list)                                                                                   \
	do {                                                                                                 \
		rt_free((list)->at, (list)->room * sizeof(*(list)->at));                                     \
		(list)->at = NULL;                                                                           \
		(list)->count = (list)->room = 0;                                                            \
	} while (0)
RT_HIDDEN void *rt_list_grow(void **at, uint32_t *count, uint32_t *room, size_t bytes);

#endif
