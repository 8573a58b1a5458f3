/* Overflow lists: the cells of a granule that has more to remember than its two.
 *
 * Semantics. The list holds all of the granule's cells. The second cell is the tag and the list's lock. The first is no access
 * but a *filter* for code that looks at the granule without the list: the bytes of which the thread that recorded last has
 * plain accesses of its epoch, in cells of the list that may be several; a write where it has written them all; or 0. In place of a
 * context it has a number that is none, with the bytes that were written (rt_filter_written).
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_OVERFLOW_H
#define RACETRACK_SHADOW_OVERFLOW_H

#include "cell.h"

enum { RT_OVERFLOW_INSIDE = 5 };

struct rt_overflow {
	rt_cell_t *cells; /* `inside`, or memory of its own */
	uint32_t count;
	uint32_t room;
	uint32_t uses;                        /* times that it was freed, or its cells moved */
	bool only_reads;                      /* all are plain ones; false: perhaps not */
	rt_cell_t inside[RT_OVERFLOW_INSIDE]; /* of a free one: the number of the next in the first */
};
_Static_assert(sizeof(struct rt_overflow) == 64, "a list is a line of the cache");

/* `generous`: address space is no matter. */
RT_HIDDEN bool rt_overflow_init(bool generous);

/* A new list that holds the cells, the thread's own the last of them, and the granule with it; 0: no memory, which is counted. */
RT_HIDDEN uint32_t rt_overflow_create(
	const rt_cell_t cells[RT_GRANULE_CELLS + 1], struct rt_granule *granule);
static inline uint32_t rt_overflow_id(rt_cell_t tag)
{
	return (uint32_t)tag;
}

/* A plain read: conflicts with none of its like. */
static inline bool rt_cell_is_read(rt_cell_t cell)
{
	return !(cell & (RT_CELL_WRITE | RT_CELL_ATOMIC));
}

/* Where the thread's cell may be in the list. */
static inline struct rt_list_hint *rt_list_hint(struct rt_thread *self, rt_cell_t tag)
{
	return &self->list_hints[rt_overflow_id(tag) % RT_LIST_HINTS];
}

/* The thread's cell is the list's last. */
static inline void rt_list_hint_set(struct rt_thread *self, rt_cell_t tag, const struct rt_overflow *list)
{
	*rt_list_hint(self, tag) = (struct rt_list_hint){rt_overflow_id(tag), list->count - 1};
}

/* Whether cells of the granule's list are of the segment of `what`, as strong, and cover its bytes together: a look without the
 * lock. False: perhaps all the same. */
RT_HIDDEN bool rt_overflow_covers(const struct rt_granule *granule, rt_cell_t what);
enum { RT_OVERFLOW_SHORT = 16 };

/* In a filter, for a context: no cell of an access is like it. */
static inline uint32_t rt_filter_written(uint8_t mask)
{
	return RT_FILTER_CONTEXTS | mask;
}

/* The filter when these bytes were forgotten. */
static inline rt_cell_t rt_filter_without(rt_cell_t filter, uint8_t mask)
{
	return filter & ~((rt_cell_t)mask | (rt_cell_t)mask << RT_CELL_CONTEXT_SHIFT);
}

/* The filter when `last` was recorded last; of a long list only that. */
static inline rt_cell_t rt_overflow_filter(const rt_cell_t *cells, uint32_t count, rt_cell_t last)
{
	rt_cell_t accessed = last & RT_CELL_ATOMIC ? 0 : last & 0xff,
		  written = last & RT_CELL_WRITE ? accessed : 0;
	for (uint32_t i = 0; i < count && count <= RT_OVERFLOW_SHORT; i++) {
		if (rt_cell_segment(cells[i]) != rt_cell_segment(last) || (cells[i] & RT_CELL_ATOMIC))
			continue;
		accessed |= cells[i] & 0xff;
		written |= cells[i] & RT_CELL_WRITE ? cells[i] & 0xff : 0;
	}
	return rt_cell_make(rt_cell_segment(last), rt_filter_written((uint8_t)written), written == accessed,
		false, (uint8_t)accessed);
}

/* Locks the granule's list: NULL when the granule has none (any more). */
RT_HIDDEN struct rt_overflow *rt_overflow_lock(struct rt_granule *granule);
/* Unlocks it; a list of two cells or fewer goes. Returns what is the granule's first cell then. */
RT_HIDDEN rt_cell_t rt_overflow_unlock(
	struct rt_granule *granule, struct rt_overflow *list, rt_cell_t filter);
/* Adds a cell to a locked list; false: no memory. */
RT_HIDDEN bool rt_overflow_push(struct rt_overflow *list, rt_cell_t cell);
/* The cells of a locked list become these, no more than there were and one. False: there is no memory for the last. */
RT_HIDDEN bool rt_overflow_replace(struct rt_overflow *list, const rt_cell_t *cells, uint32_t count);
/* Before cells are added without a look at the others: so much room that the next such look is worth its time. */
RT_HIDDEN void rt_overflow_leave_room(struct rt_overflow *list);
/* False: there never was a list, and no granule needs a look before it is zeroed. */
RT_HIDDEN bool rt_overflow_used(void);
/* Gives back what the thread kept at hand. */
RT_HIDDEN void rt_overflow_retire(struct rt_thread *thread);
/* Takes back a list that was made for nothing. */
RT_HIDDEN void rt_overflow_cancel(uint32_t id);
/* Drops the granule's list, if any, and zeroes both cells. */
RT_HIDDEN void rt_overflow_drop(struct rt_granule *granule);

#endif
