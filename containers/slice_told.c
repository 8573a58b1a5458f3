/* Slices under the detector: each operation takes a turn, works, tells, ends the turn.
 *
 * Arrays without references are kept for a while before they are freed, so that a header that was left on one is still
 * recognised (rule slice-stale) instead of reading whatever malloc put there since. */
#define TOLD 1
#include "slice_work.h"

enum { KEPT_ARRAYS = 64, KEPT_BYTES = 65536 };

/* A ring; each place is owned by whoever exchanges it. At most KEPT_ARRAYS * KEPT_BYTES bytes. */
static struct rt_slice_array *kept[KEPT_ARRAYS];
static unsigned kept_next;

static void rt_slice_tell(const struct racetrack_slice_event *event)
{
	racetrack_api_here->slice_event(event);
}

/* How an array lost its last reference. */
enum last { BY_GROWTH = 0, BY_DROP = 1 };

/* Gives the reference back, after the operation was told. */
static void rt_slice_array_leave(struct rt_slice_array *array, enum last how)
{
	if (!rt_slice_array_put(array))
		return;
	struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_LAST, .index = how};
	event.before = (struct rt_slice){array + 1, array->bytes, array->bytes, 1, array};
	rt_slice_tell(&event);
	if (array->bytes <= KEPT_BYTES) {
		unsigned place = __atomic_fetch_add(&kept_next, 1, __ATOMIC_RELAXED) % KEPT_ARRAYS;
		array = __atomic_exchange_n(&kept[place], array, __ATOMIC_ACQ_REL);
	}
	if (!array)
		return;
	event.operation = RACETRACK_SLICE_GONE;
	event.before = (struct rt_slice){array + 1, array->bytes, array->bytes, 1, array};
	rt_slice_tell(&event);
	free(array);
}

static void rt_slice_tell_bounds(const struct rt_slice *slice, size_t index, size_t limit)
{
	struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_BOUNDS, .header = slice};
	event.before = *slice;
	event.index = index;
	event.count = limit;
	rt_slice_tell(&event);
}

int rt_slice_make_told(struct rt_slice *to, size_t element_bytes, size_t len, size_t cap)
{
	uint32_t *turn = container_turn_begin(to);
	int error = rt_slice_work_make(to, element_bytes, len, cap);
	if (!error) {
		struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_MAKE, .header = to};
		event.after = *to;
		rt_slice_tell(&event);
	} else if (error == ERANGE) {
		struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_BOUNDS, .header = NULL};
		event.index = len;
		event.count = cap;
		rt_slice_tell(&event);
	}
	container_turn_end(turn);
	return error;
}

int rt_slice_append_told(struct rt_slice *slice, const void *elements, size_t count)
{
	struct rt_slice_array *left;
	struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_APPEND, .header = slice};
	uint32_t *turn = container_turn_begin(slice);
	event.before = *slice;
	event.memory = elements;
	event.count = count;
	int error = rt_slice_work_append(slice, elements, count, &left);
	if (!error) {
		event.after = *slice;
		rt_slice_tell(&event);
	}
	rt_slice_array_leave(left, BY_GROWTH);
	container_turn_end(turn);
	return error;
}

int rt_slice_cut_told(const struct rt_slice *from, size_t i, size_t j, size_t k, struct rt_slice *to)
{
	struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_CUT, .header = from};
	uint32_t *turn = container_turn_begin(from);
	event.before = *from;
	event.other = to;
	int error = rt_slice_work_cut3(from, i, j, k, to);
	if (!error) {
		event.after = *to;
		rt_slice_tell(&event);
	} else {
		size_t index = k > from->cap ? k : j > k ? j : i;
		rt_slice_tell_bounds(from, index, k > from->cap ? from->cap : j > k ? k : j);
	}
	container_turn_end(turn);
	return error;
}

int rt_slice_cut_to_end_told(const struct rt_slice *from, size_t i, size_t j, struct rt_slice *to)
{
	return rt_slice_cut_told(from, i, j, from->cap, to);
}

void rt_slice_share_told(const struct rt_slice *from, struct rt_slice *to)
{
	struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_SHARE, .header = from};
	uint32_t *turn = container_turn_begin(from);
	event.before = *from;
	event.other = to;
	if (to != from) {
		rt_slice_array_share(from->owner);
		*to = event.before;
		event.after = event.before;
		rt_slice_tell(&event);
	}
	container_turn_end(turn);
}

/* GET, SET, REF: the element's address, or NULL. */
static void *rt_slice_element_told(
	const struct rt_slice *slice, size_t index, unsigned operation, void *to, const void *from)
{
	struct racetrack_slice_event event = {.operation = operation, .header = slice};
	uint32_t *turn = container_turn_begin(slice);
	void *element = NULL;
	event.before = *slice;
	event.index = index;
	event.memory = to ? to : from;
	if (index < event.before.len) {
		element = rt_slice_element_at(&event.before, index);
		if (to)
			bytes_copy(to, element, event.before.element_bytes);
		else if (from)
			bytes_copy(element, from, event.before.element_bytes);
		rt_slice_tell(&event);
	} else {
		rt_slice_tell_bounds(slice, index, event.before.len);
	}
	container_turn_end(turn);
	return element;
}

int rt_slice_get_told(const struct rt_slice *slice, size_t index, void *to)
{
	return rt_slice_element_told(slice, index, RACETRACK_SLICE_GET, to, NULL) ? 0 : ERANGE;
}

int rt_slice_set_told(const struct rt_slice *slice, size_t index, const void *from)
{
	return rt_slice_element_told(slice, index, RACETRACK_SLICE_SET, NULL, from) ? 0 : ERANGE;
}

void *rt_slice_ref_told(const struct rt_slice *slice, size_t index)
{
	return rt_slice_element_told(slice, index, RACETRACK_SLICE_REF, NULL, NULL);
}

size_t rt_slice_copy_told(const struct rt_slice *to, const struct rt_slice *from)
{
	struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_COPY, .header = from};
	uint32_t *turn = container_turn_begin(from);
	event.before = *from;
	event.other = to;
	event.after = *to;
	event.count = rt_slice_work_copy(to, from);
	rt_slice_tell(&event);
	container_turn_end(turn);
	return event.count;
}

struct rt_slice rt_slice_size_told(const struct rt_slice *slice)
{
	struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_SIZE, .header = slice};
	uint32_t *turn = container_turn_begin(slice);
	event.before = *slice;
	rt_slice_tell(&event);
	container_turn_end(turn);
	return event.before;
}

void rt_slice_drop_told(struct rt_slice *slice)
{
	struct racetrack_slice_event event = {.operation = RACETRACK_SLICE_DROP, .header = slice};
	uint32_t *turn = container_turn_begin(slice);
	event.before = *slice;
	rt_slice_tell(&event);
	rt_slice_array_leave(rt_slice_work_drop(slice), BY_DROP);
	container_turn_end(turn);
}
